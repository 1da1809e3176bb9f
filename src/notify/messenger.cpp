// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/messenger.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "notify/encoding.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

bool informs_only(const rules::Alert& alert) {
  constexpr std::array<std::string_view, 7> words{"info", "INFO", "P3", "p3", "debug", "none", "low"};
  const std::string severity = severity_of(alert.labels);
  return std::find(words.begin(), words.end(), severity) != words.end();
}

}  // namespace

std::string deduplication_key(std::string_view group_key) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(group_key.data()), group_key.size(), digest.data());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::string suffix_of_alert(const rules::AlertLabels& labels) {
  return "/" + rules::fingerprint_text(labels);
}

std::string severity_of(const rules::AlertLabels& labels) {
  for (const std::string_view name : {"severity", "priority"}) {
    if (const auto found = labels.find(name); found != labels.end()) return found->second;
  }
  return {};
}

void Messenger::tell(const std::string& receiver, const std::string& lane, Telling telling, std::int64_t now_ms) {
  const auto found = policy_->receivers().find(receiver);
  if (found == policy_->receivers().end()) return;
  Notification& whole = telling.notification;
  whole.external_url = options_.external_url;
  const bool repeat = whole.reason == NotificationReason::repeat;
  const auto urgent_at = [&](std::size_t i) {
    return (repeat || telling.changed[i]) && policy_->urgent(whole.alerts[i].labels);
  };

  for (const std::shared_ptr<Integration>& integration : found->second) {
    const Outbox::Address address{receiver, integration->name()};
    // What waits there says the same.
    if (repeat && state_.outbox.waiting(address, lane)) continue;
    Notification part = whole;
    part.alerts.clear();
    bool urgent = false;
    const bool single = one_by_one(address);
    for (std::size_t i = 0; i < whole.alerts.size(); ++i) {
      const rules::Alert& alert = whole.alerts[i];
      if (alert.resolved_at(now_ms) && !integration->send_resolved() && !telling.pulse[i]) continue;
      if (!single) {
        part.alerts.push_back(alert);
        urgent = urgent || urgent_at(i);
      } else if (repeat || telling.changed[i]) {
        const std::string suffix = suffix_of_alert(alert.labels);
        std::string lane_of_alert = lane;
        lane_of_alert += suffix;
        if (repeat && state_.outbox.waiting(address, lane_of_alert)) continue;
        Notification one = whole;
        one.alerts = {alert};
        one.group_key += suffix;
        put(address, *integration, lane_of_alert, std::move(one), urgent_at(i), now_ms);
      }
    }
    if (!part.alerts.empty()) put(address, *integration, lane, std::move(part), urgent, now_ms);
  }
}

void Messenger::put(const Outbox::Address& address, const Integration& integration, const std::string& lane,
                    Notification notification, bool urgent, std::int64_t now_ms) {
  fill_common(notification);
  const config::DigestConfig& digest = policy_->extensions().digest;
  DigestWindow& window = state_.digests[address];
  if (urgent || !window.must_hold(digest, lane, now_ms)) {
    return write(address, integration, {lane}, notification, urgent, now_ms);
  }
  HeldNotification held;
  held.id = state_.next_held_id++;
  held.lane = lane;
  held.notification = std::make_shared<const std::string>(encode(notification));
  for (const rules::Alert& alert : notification.alerts) {
    metrics_.held_back(severity_of(alert.labels), "digest");
  }
  state_.held_added.emplace_back(address, held);
  window.hold(std::move(held), now_ms + digest.window.count());
}

void Messenger::write(const Outbox::Address& address, const Integration& integration, std::vector<std::string> lanes,
                      const Notification& notification, bool urgent, std::int64_t now_ms) {
  OutboxRow row;
  row.receiver = address.first;
  row.integration = address.second;
  row.group_key = notification.group_key;
  row.deduplication_key = deduplication_key(notification.group_key);
  row.reason = notification.reason;
  row.urgent = urgent;
  row.created_ms = now_ms;
  row.deadline_ms = now_ms + give_up_ms(notification, urgent);
  row.lanes = std::move(lanes);
  row.notification = std::make_shared<const std::string>(encode(notification));
  Result<std::string> payload = integration.render(notification);
  if (payload) {
    row.payload = std::move(*payload);
  } else {
    row.error = "cannot be rendered: " + payload.error().message;
  }
  const OutboxRow& added = state_.outbox.add(std::move(row));
  if (!payload) unrenderable_.push_back(added.id);
}

std::int64_t Messenger::write_digests(std::int64_t now_ms) {
  std::int64_t next = 0;
  for (auto& [address, window] : state_.digests) {
    if (window.empty()) continue;
    if (window.due_ms() > now_ms) {
      next = next == 0 ? window.due_ms() : std::min(next, window.due_ms());
      continue;
    }
    const std::vector<HeldNotification> held = window.take(policy_->extensions().digest, now_ms);
    std::set<std::string> lanes;
    for (const HeldNotification& one : held) {
      lanes.insert(one.lane);
      state_.held_removed.push_back(one.id);
    }
    const std::string key = "digest:" + address.first + "/" + address.second;
    Notification digest = digest_of(held, state_.alerts, address.first, key, now_ms);
    digest.external_url = options_.external_url;
    digest.group_labels["digest"] = std::to_string(held.size()) + " messages held back";
    lanes.insert(key);
    std::vector<std::string> all(lanes.begin(), lanes.end());
    const auto receiver = policy_->receivers().find(address.first);
    const Integration* integration = nullptr;
    if (receiver != policy_->receivers().end()) {
      for (const auto& one : receiver->second) {
        if (one->name() == address.second) integration = one.get();
      }
    }
    if (integration != nullptr) {
      write(address, *integration, std::move(all), digest, false, now_ms);
    } else {  // its integration went with a reload
      Telling telling;
      telling.changed.assign(digest.alerts.size(), true);
      telling.pulse.assign(digest.alerts.size(), true);
      telling.notification = std::move(digest);
      telling.notification.receiver = policy_->extensions().fallback_receiver;
      tell(policy_->extensions().fallback_receiver, key, std::move(telling), now_ms);
      return now_ms;  // the map may have grown
    }
  }
  return next;
}

std::int64_t Messenger::give_up_ms(const Notification& notification, bool urgent) const {
  const RetryTimes& times = options_.retry;
  if (urgent) return times.give_up_urgent.count();
  const bool info = std::all_of(notification.alerts.begin(), notification.alerts.end(), informs_only);
  return (info ? times.give_up_info : times.give_up_warning).count();
}

bool Messenger::one_by_one(const Outbox::Address& address) const {
  return policy_->extensions().one_message_per_alert.contains(address.first);
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
