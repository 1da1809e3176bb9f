// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/group_schedule.hpp"

#include <algorithm>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

void GroupSchedule::set(const std::vector<std::shared_ptr<RuleGroup>>& groups, std::int64_t now_ms,
                        const RuleMetrics& metrics) {
  std::vector<std::shared_ptr<Slot>> fresh;
  for (const std::shared_ptr<RuleGroup>& group : groups) {
    const auto same =
        std::find_if(slots_.begin(), slots_.end(), [&](const auto& slot) { return slot->group == group; });
    if (same != slots_.end()) {
      fresh.push_back(*same);
      continue;
    }
    auto slot = std::make_shared<Slot>();
    slot->group = group;
    slot->metrics = metrics.of_group(*group);
    slot->next_ms = group->slot_before(now_ms) + group->interval().count();
    fresh.push_back(std::move(slot));
  }
  slots_ = std::move(fresh);
}

std::optional<GroupSchedule::Due> GroupSchedule::take_due(std::int64_t now_ms) {
  std::shared_ptr<Slot> due;
  for (const std::shared_ptr<Slot>& slot : slots_) {
    const std::int64_t interval = slot->group->interval().count();
    if (slot->next_ms - now_ms > interval)
      slot->next_ms = slot->group->slot_before(now_ms) + interval;  // clock set back
    if (!slot->running && slot->next_ms <= now_ms && (due == nullptr || slot->next_ms < due->next_ms)) due = slot;
  }
  if (due == nullptr) return std::nullopt;
  const std::int64_t interval = due->group->interval().count();
  const std::int64_t missed = (now_ms - due->next_ms) / interval;
  const std::int64_t time_ms = due->next_ms + missed * interval;
  due->next_ms = time_ms + interval;
  due->running = true;
  return Due{std::move(due), time_ms, static_cast<std::uint64_t>(missed)};
}

bool GroupSchedule::running() const noexcept {
  return std::any_of(slots_.begin(), slots_.end(), [](const auto& slot) { return slot->running; });
}

std::optional<std::int64_t> GroupSchedule::next_ms() const noexcept {
  std::optional<std::int64_t> next;
  for (const std::shared_ptr<Slot>& slot : slots_) {
    if (!slot->running && (!next || slot->next_ms < *next)) next = slot->next_ms;
  }
  return next;
}

std::vector<std::shared_ptr<RuleGroup>> GroupSchedule::groups() const {
  std::vector<std::shared_ptr<RuleGroup>> groups;
  for (const std::shared_ptr<Slot>& slot : slots_) groups.push_back(slot->group);
  return groups;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
