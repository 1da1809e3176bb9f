// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/escalation.hpp"

#include <algorithm>
#include <map>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

/// 0: none.
std::int64_t next_step(const Member& member, const KeptAlert& alert, const config::EscalationPolicy* policy,
                       std::int64_t now_ms) {
  if (policy == nullptr || !member.told || alert.alert.resolved_at(now_ms) || policy->steps.empty()) return 0;
  std::int64_t due = 0;
  if (member.steps < policy->steps.size()) {
    due = member.told_ms + policy->steps[member.steps].after.count();
  } else if (policy->repeat_interval.count() > 0) {
    due = member.step_ms + policy->repeat_interval.count();
  } else {
    return 0;
  }
  if (!alert.acknowledged_at(now_ms)) return due;
  return alert.acknowledgement->until_ms == 0 ? 0 : std::max(due, alert.acknowledgement->until_ms);
}

Escalations by_receiver(const Group& group, const std::map<std::string, std::vector<rules::Alert>>& alerts,
                        NotificationReason reason, std::int64_t now_ms) {
  Escalations out;
  for (const auto& [receiver, list] : alerts) {
    out.emplace_back(receiver, telling_to(receiver, group, list, reason, now_ms));
  }
  return out;
}

}  // namespace

std::int64_t next_escalation(const Group& group, AlertBook& alerts, const Policy& policy, std::int64_t now_ms) {
  if (policy.extensions().escalation.empty() || group.orphan) return 0;
  std::int64_t next = 0;
  for (const auto& [id, member] : group.members) {
    const KeptAlert* const alert = alerts.find(id);
    if (alert == nullptr) continue;
    const std::int64_t due = next_step(member, *alert, policy.escalation(alert->alert.labels), now_ms);
    if (due != 0) next = next == 0 ? due : std::min(next, due);
  }
  return next;
}

Escalations escalate(Group& group, AlertBook& alerts, const Policy& policy, std::int64_t now_ms,
                     std::vector<std::int64_t>& touched) {
  std::map<std::string, std::vector<rules::Alert>> tell;
  for (auto& [id, member] : group.members) {
    const KeptAlert* const alert = alerts.find(id);
    if (alert == nullptr) continue;
    const config::EscalationPolicy* const steps = policy.escalation(alert->alert.labels);
    const std::int64_t due = next_step(member, *alert, steps, now_ms);
    if (due == 0 || due > now_ms || policy.holds_back(alert->alert.labels, now_ms)) continue;
    const std::size_t step = std::min<std::size_t>(member.steps, steps->steps.size() - 1);
    for (const std::string& receiver : steps->steps[step].receivers) tell[receiver].push_back(alert->alert);
    if (member.steps < steps->steps.size()) ++member.steps;
    member.step_ms = now_ms;
    touched.push_back(id);
  }
  return by_receiver(group, tell, NotificationReason::escalation, now_ms);
}

Escalations escalated_ends(const Group& group, const GroupNews& news, const Policy& policy, std::int64_t now_ms) {
  std::map<std::string, std::vector<rules::Alert>> tell;
  for (const GroupNews::Item& item : news.resolved) {
    const auto member = group.members.find(item.alert->id);
    const config::EscalationPolicy* const steps = policy.escalation(item.alert->alert.labels);
    if (member == group.members.end() || steps == nullptr) continue;
    const std::size_t done = std::min<std::size_t>(member->second.steps, steps->steps.size());
    std::vector<std::string> told;
    for (std::size_t i = 0; i < done; ++i) {
      for (const std::string& receiver : steps->steps[i].receivers) {
        // The group's own receiver hears of it anyway.
        if (receiver == group.receiver || std::find(told.begin(), told.end(), receiver) != told.end()) continue;
        told.push_back(receiver);
        tell[receiver].push_back(item.alert->alert);
      }
    }
  }
  return by_receiver(group, tell, NotificationReason::all_resolved, now_ms);
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
