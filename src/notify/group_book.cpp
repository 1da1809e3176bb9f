// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/group_book.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

std::string GroupBook::identity_of(const Route& route, const rules::AlertLabels& labels) {
  return route.id + ":" + to_string(labels);
}

Group& GroupBook::find_or_make(const Route& route, const rules::AlertLabels& labels, std::int64_t now_ms) {
  std::string identity = identity_of(route, labels);
  if (Group* const known = find(identity)) return *known;
  Group group;
  group.route = route.id;
  group.identity = std::move(identity);
  group.key = group_key(route, labels);
  group.receiver = route.receiver;
  group.labels = labels;
  group.wait_ms = route.group_wait.count();
  group.interval_ms = route.group_interval.count();
  group.repeat_ms = route.repeat_interval.count();
  group.due_ms = now_ms + group.wait_ms;
  return restore(std::move(group));
}

Group& GroupBook::restore(Group group) {
  if (group.id == 0) group.id = next_id_;
  next_id_ = std::max(next_id_, group.id + 1);
  Group& kept = by_id_.insert_or_assign(group.id, std::move(group)).first->second;
  by_identity_[kept.identity] = kept.id;
  due_.insert({kept.due_ms, kept.id});
  dirty.insert(kept.id);
  return kept;
}

Group* GroupBook::find(std::int64_t id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

Group* GroupBook::find(const std::string& identity) {
  const auto found = by_identity_.find(identity);
  return found == by_identity_.end() ? nullptr : find(found->second);
}

void GroupBook::remove(std::int64_t id) {
  Group* const group = find(id);
  if (group == nullptr) return;
  for (const auto& [alert, member] : group->members) dirty_members.insert({id, alert});
  set_escalation(*group, 0);
  set_recheck(*group, 0);
  due_.erase({group->due_ms, id});
  by_identity_.erase(group->identity);
  by_id_.erase(id);
  dirty.insert(id);
}

void GroupBook::begin(Group& group, KeptAlert& alert) {
  const auto [member, fresh] = group.members.try_emplace(alert.id);
  if (!fresh) ++member->second.flaps;
  member->second.untold = true;
  member->second.steps = 0;
  alert.groups.insert(group.id);
  dirty_members.insert({group.id, alert.id});
}

void GroupBook::set_due(Group& group, std::int64_t due_ms) {
  due_.erase({group.due_ms, group.id});
  group.due_ms = due_ms;
  due_.insert({due_ms, group.id});
  dirty.insert(group.id);
}

void GroupBook::set_escalation(Group& group, std::int64_t due_ms) {
  move(escalations_, escalation_at_, group.id, due_ms);
}

void GroupBook::set_recheck(Group& group, std::int64_t due_ms) {
  move(rechecks_, recheck_at_, group.id, due_ms);
}

void GroupBook::move(Timers& timers, std::unordered_map<std::int64_t, std::int64_t>& at, std::int64_t id,
                     std::int64_t when) {
  if (const auto old = at.find(id); old != at.end()) {
    timers.erase({old->second, id});
    at.erase(old);
  }
  if (when == 0) return;
  timers.insert({when, id});
  at[id] = when;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
