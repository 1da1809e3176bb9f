// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "rules/rule.hpp"
#include "rules/rule_context.hpp"
#include "rules/rule_file.hpp"
#include "rules/rule_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// What one evaluation of a group came to.
struct GroupReport {
  std::size_t rules = 0;
  std::size_t failures = 0;
  std::size_t samples = 0;  ///< written, markers not counted
  std::chrono::nanoseconds duration{0};
};

/// The rules of one group, evaluated one after the other at one time, each seeing what those before it have recorded.
///
///     RuleGroup group(definition, {.interval = 15s}, std::make_shared<const RuleContext>(context));
///     group.evaluate(now_ms);            // queries, writes results and ALERTS, tells the sink
///     GroupState state = group.state();
///
/// It does not know of schedules: `bellwether rules test` calls it with a simulated time. Times must ascend.
///
/// Threads: `evaluate` one at a time; single rules may be evaluated on arrival meanwhile, and `state` from any thread.
class RuleGroup {
 public:
  struct Defaults {
    std::chrono::milliseconds interval = std::chrono::minutes{1};
    std::chrono::milliseconds query_offset{0};
  };

  RuleGroup(const GroupDefinition& definition, const Defaults& defaults, std::shared_ptr<const RuleContext> context);

  GroupReport evaluate(std::int64_t time_ms);

  /// Before the first evaluation: takes up the alerts that were pending or firing when the process ended, from ALERTS and
  /// ALERTS_FOR_STATE in the store.
  void restore(std::int64_t time_ms);

  /// Takes over the alerts and series of a former version's rules that have the same name and labels. What is left over there
  /// is ended by `former.end`.
  void take_over(RuleGroup& former);
  /// Staleness markers for all series of rules that nobody took over; their firing alerts are resolved.
  void end(std::int64_t time_ms);

  const GroupDefinition& definition() const noexcept { return definition_; }
  std::chrono::milliseconds interval() const noexcept { return interval_; }
  std::chrono::milliseconds query_offset() const noexcept { return query_offset_; }
  /// The last of the group's own times that is not after `time_ms`: groups are spread over the interval by a hash of file and name.
  std::int64_t slot_before(std::int64_t time_ms) const noexcept;

  const std::vector<std::shared_ptr<Rule>>& rules() const noexcept { return rules_; }
  GroupState state() const;
  void add_missed(std::uint64_t count) noexcept;

 private:
  const GroupDefinition definition_;
  const std::chrono::milliseconds interval_;
  const std::chrono::milliseconds query_offset_;
  const std::shared_ptr<const RuleContext> context_;
  const std::uint64_t hash_;
  std::vector<std::shared_ptr<Rule>> rules_;

  mutable std::mutex mutex_;  // of what follows
  std::int64_t last_evaluation_ms_ = 0;
  std::chrono::nanoseconds evaluation_time_{0};
  std::uint64_t missed_ = 0;
};

}  // namespace rules
BELLWETHER_NAMESPACE_END
