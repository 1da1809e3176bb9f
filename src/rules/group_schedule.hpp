// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "rules/rule_group.hpp"
#include "rules/rule_metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// When which group is evaluated: each at its own moment of its interval, never twice at a time. What fell out since the
/// evaluation before took too long, or the machine slept, is counted and not made up for.
///
/// Threads: none of its own; whoever has it guards it.
class GroupSchedule {
 public:
  struct Slot {
    std::shared_ptr<RuleGroup> group;
    GroupMetrics metrics;
    std::int64_t next_ms = 0;
    bool running = false;
  };
  struct Due {
    std::shared_ptr<Slot> slot;
    std::int64_t time_ms = 0;  ///< of the evaluation
    std::uint64_t missed = 0;  ///< before it
  };

  /// Those that were there before keep their times.
  void set(const std::vector<std::shared_ptr<RuleGroup>>& groups, std::int64_t now_ms, const RuleMetrics& metrics);
  /// The one that waits longest; it is running then, until `done`.
  std::optional<Due> take_due(std::int64_t now_ms);
  static void done(Slot& slot) noexcept { slot.running = false; }
  bool running() const noexcept;
  /// Of those that do not run.
  std::optional<std::int64_t> next_ms() const noexcept;
  std::vector<std::shared_ptr<RuleGroup>> groups() const;

 private:
  std::vector<std::shared_ptr<Slot>> slots_;  // in the order of the files
};

}  // namespace rules
BELLWETHER_NAMESPACE_END
