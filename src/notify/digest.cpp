// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/digest.hpp"

#include <algorithm>
#include <map>

#include "notify/encoding.hpp"
#include "notify/group.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

bool DigestWindow::must_hold(const config::DigestConfig& config, const std::string& lane, std::int64_t now_ms) {
  if (config.max_messages == 0) return false;
  if (lanes_.contains(lane)) return true;
  if (now_ms >= ends_ms_ && held_.empty()) {
    ends_ms_ = now_ms + config.window.count();
    count_ = 0;
  }
  if (count_ >= config.max_messages) return true;
  ++count_;
  return false;
}

void DigestWindow::hold(HeldNotification held, std::int64_t window_end_ms) {
  if (ends_ms_ == 0) ends_ms_ = window_end_ms;
  lanes_.insert(held.lane);
  held_.push_back(std::move(held));
}

std::vector<HeldNotification> DigestWindow::take(const config::DigestConfig& config, std::int64_t now_ms) {
  ends_ms_ = now_ms + config.window.count();
  count_ = 1;  // the digest itself
  lanes_.clear();
  return std::exchange(held_, {});
}

Notification digest_of(const std::vector<HeldNotification>& held, AlertBook& alerts, const std::string& receiver,
                       const std::string& key, std::int64_t now_ms) {
  std::map<rules::AlertLabels, rules::Alert> latest;
  for (const HeldNotification& one : held) {
    const std::optional<Notification> notification = decode_notification(*one.notification);
    if (!notification) continue;
    for (const rules::Alert& alert : notification->alerts) {
      rules::Alert& kept = latest[alert.labels];
      if (kept.labels.empty() || alert.updated_ms >= kept.updated_ms) kept = alert;
    }
  }
  Notification out;
  out.receiver = receiver;
  out.group_key = key;
  out.now_ms = now_ms;
  out.reason = NotificationReason::digest;
  for (auto& [labels, alert] : latest) {
    if (const KeptAlert* const now = alerts.find(labels)) alert = now->alert;
    out.alerts.push_back(std::move(alert));
  }
  std::stable_partition(out.alerts.begin(), out.alerts.end(),
                        [now_ms](const rules::Alert& alert) { return !alert.resolved_at(now_ms); });
  fill_common(out);
  return out;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
