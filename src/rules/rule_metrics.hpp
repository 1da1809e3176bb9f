// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/metrics.hpp>
#include <memory>
#include <string>

#include "rules/rule_group.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// What one group says of itself, by Prometheus's names; its series end with it.
struct GroupMetrics {
  Series<Counter> evaluations;
  Series<Counter> failures;
  Series<Counter> iterations;
  Series<Counter> missed;
  Series<Gauge> interval_seconds;
  Series<Gauge> last_duration_seconds;
  Series<Gauge> last_evaluation_seconds;
  Series<Gauge> last_samples;
  Series<Gauge> rules;
};

/// What the rules say of themselves. Without a registry all of it counts into the void.
struct RuleMetrics {
  RuleMetrics() = default;
  explicit RuleMetrics(Registry& registry);

  GroupMetrics of_group(const RuleGroup& group) const;

  Gauge groups;
  Gauge arrival_rules;           ///< evaluated on arrival
  DurationHistogram evaluation;  ///< of a group
  Counter arrival_evaluations;
  Counter arrival_failures;
  Counter arrivals_lost;  ///< samples, for want of room
  DurationHistogram arrival_duration;
  Counter alerts_told;  ///< begun, going on, ended
  Counter template_failures;

 private:
  struct Families;
  std::shared_ptr<const Families> families_;
};

}  // namespace rules
BELLWETHER_NAMESPACE_END
