// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/group.hpp"

#include <algorithm>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

void keep_common(rules::AlertLabels& common, const rules::AlertLabels& other) {
  for (auto at = common.begin(); at != common.end();) {
    const auto found = other.find(at->first);
    at = found == other.end() || found->second != at->second ? common.erase(at) : std::next(at);
  }
}

rules::Alert shown(const GroupNews::Item& item) {
  rules::Alert alert = item.alert->alert;
  if (item.flaps > 0) {
    alert.annotations["flapping"] = "ended and began again " + std::to_string(item.flaps) + "x since the last message";
  }
  return alert;
}

std::optional<NotificationReason> reason_of(const Group& group, const GroupNews& news, std::int64_t now_ms) {
  const auto changed = [](const GroupNews::Item& item) { return item.changed; };
  const bool began = std::any_of(news.firing.begin(), news.firing.end(), changed);
  if (began) return group.told_ms == 0 ? NotificationReason::first : NotificationReason::new_alerts;
  if (!news.resolved.empty()) {
    return news.firing.empty() ? NotificationReason::all_resolved : NotificationReason::some_resolved;
  }
  if (news.firing.empty() || group.orphan || group.told_ms == 0) return std::nullopt;
  if (now_ms - group.told_ms < group.repeat_ms) return std::nullopt;
  const bool all_acknowledged = std::all_of(news.firing.begin(), news.firing.end(),
                                            [now_ms](const auto& item) { return item.alert->acknowledged_at(now_ms); });
  if (all_acknowledged) return std::nullopt;
  return NotificationReason::repeat;
}

}  // namespace

bool GroupNews::urgent_change() const {
  const auto urgent = [](const Item& item) { return item.changed && item.alert->urgent; };
  return std::any_of(firing.begin(), firing.end(), urgent) || std::any_of(resolved.begin(), resolved.end(), urgent);
}

GroupNews news_of(const Group& group, AlertBook& book, const Policy& policy, std::int64_t now_ms) {
  GroupNews news;
  const std::vector<std::string> muted = policy.muted_by(group.route, now_ms);
  const auto held_back = [&](const KeptAlert& alert) {
    return !muted.empty() || policy.holds_back(alert.alert.labels, now_ms);
  };
  for (const auto& [id, member] : group.members) {
    KeptAlert* const alert = book.find(id);
    if (alert == nullptr) {
      news.settled.push_back(id);
      continue;
    }
    if (alert->alert.resolved_at(now_ms)) {
      if (member.told) {
        news.resolved.push_back({alert, true, false, member.flaps});
      } else if (member.untold && !group.orphan && !held_back(*alert)) {
        news.resolved.push_back({alert, true, true, member.flaps});
      } else {
        news.settled.push_back(id);
      }
    } else if (group.orphan) {
      if (!member.told) news.settled.push_back(id);
    } else if (held_back(*alert)) {
      ++news.suppressed;
      news.suppressed_urgent = news.suppressed_urgent || alert->urgent;
    } else {
      news.firing.push_back({alert, member.untold, false, member.flaps});
    }
  }
  news.reason = reason_of(group, news, now_ms);
  return news;
}

void told(Group& group, const GroupNews& news, std::int64_t now_ms) {
  for (const std::int64_t id : news.settled) group.members.erase(id);
  if (!news.reason) return;
  for (const GroupNews::Item& item : news.firing) {
    Member& member = group.members[item.alert->id];
    if (!member.told || member.flaps > 0) member.told_ms = now_ms;
    member.told = true;
    member.untold = false;
    member.flaps = 0;
  }
  for (const GroupNews::Item& item : news.resolved) group.members.erase(item.alert->id);
  group.told_ms = now_ms;
}

Telling telling_of(const Group& group, const GroupNews& news, std::int64_t now_ms) {
  Telling out = telling_to(group.receiver, group, {}, news.reason.value_or(NotificationReason::repeat), now_ms);
  for (const auto* items : {&news.firing, &news.resolved}) {
    for (const GroupNews::Item& item : *items) {
      out.notification.alerts.push_back(shown(item));
      out.changed.push_back(item.changed);
      out.pulse.push_back(item.pulse);
    }
  }
  return out;
}

Telling telling_to(const std::string& receiver, const Group& group, std::vector<rules::Alert> alerts,
                   NotificationReason reason, std::int64_t now_ms) {
  Telling out;
  out.changed.assign(alerts.size(), true);
  out.pulse.assign(alerts.size(), false);
  out.notification.receiver = receiver;
  out.notification.group_key = group.key;
  out.notification.group_labels = group.labels;
  out.notification.alerts = std::move(alerts);
  out.notification.now_ms = now_ms;
  out.notification.reason = reason;
  return out;
}

void fill_common(Notification& notification) {
  notification.common_labels.clear();
  notification.common_annotations.clear();
  if (notification.alerts.empty()) return;
  notification.common_labels = notification.alerts.front().labels;
  notification.common_annotations = notification.alerts.front().annotations;
  for (const rules::Alert& alert : notification.alerts) {
    keep_common(notification.common_labels, alert.labels);
    keep_common(notification.common_annotations, alert.annotations);
  }
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
