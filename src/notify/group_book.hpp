// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "notify/group.hpp"
#include "notify/route_tree.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// All groups, by identity and by when they are due. Threads: one at a time.
class GroupBook {
 public:
  /// What one group is, whatever became of it meanwhile.
  static std::string identity_of(const Route& route, const rules::AlertLabels& labels);

  /// The group of that route and these labels; made where there is none, due after its group_wait.
  Group& find_or_make(const Route& route, const rules::AlertLabels& labels, std::int64_t now_ms);
  Group& restore(Group group);
  Group* find(std::int64_t id);
  Group* find(const std::string& identity);
  void remove(std::int64_t id);
  /// The alert is a member, with something to tell.
  void begin(Group& group, KeptAlert& alert);

  void set_due(Group& group, std::int64_t due_ms);
  void set_escalation(Group& group, std::int64_t due_ms);  ///< 0: nothing escalates
  void set_recheck(Group& group, std::int64_t due_ms);     ///< 0: no need to

  using Timers = std::set<std::pair<std::int64_t, std::int64_t>>;  ///< (when, id)
  const Timers& due() const noexcept { return due_; }
  const Timers& escalations() const noexcept { return escalations_; }
  const Timers& rechecks() const noexcept { return rechecks_; }
  std::map<std::int64_t, Group>& all() noexcept { return by_id_; }
  const std::map<std::int64_t, Group>& all() const noexcept { return by_id_; }

  std::set<std::int64_t> dirty;
  std::set<std::pair<std::int64_t, std::int64_t>> dirty_members;  ///< (group, alert)

 private:
  static void move(Timers& timers, std::unordered_map<std::int64_t, std::int64_t>& at, std::int64_t id,
                   std::int64_t when);

  std::int64_t next_id_ = 1;
  std::map<std::int64_t, Group> by_id_;
  std::unordered_map<std::string, std::int64_t> by_identity_;
  Timers due_;
  Timers escalations_;
  Timers rechecks_;
  std::unordered_map<std::int64_t, std::int64_t> escalation_at_;
  std::unordered_map<std::int64_t, std::int64_t> recheck_at_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
