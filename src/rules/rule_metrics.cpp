// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule_metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

struct RuleMetrics::Families {
  using Counters = Family<Counter, "rule_group">;
  using Gauges = Family<Gauge, "rule_group">;

  explicit Families(Registry& registry)
      : evaluations(
            registry.counter<"rule_group">("prometheus_rule_evaluations_total", "Evaluations of rules.").value()),
        failures(registry.counter<"rule_group">("prometheus_rule_evaluation_failures_total", "Evaluations that failed.")
                     .value()),
        iterations(registry
                       .counter<"rule_group">("prometheus_rule_group_iterations_total",
                                              "Scheduled evaluations of groups, done or missed.")
                       .value()),
        missed(registry
                   .counter<"rule_group">(
                       "prometheus_rule_group_iterations_missed_total",
                       "Scheduled evaluations of groups that fell out, since the one before took too long.")
                   .value()),
        interval(
            registry.gauge<"rule_group">("prometheus_rule_group_interval_seconds", "Interval of a group.").value()),
        last_duration(registry
                          .gauge<"rule_group">("prometheus_rule_group_last_duration_seconds",
                                               "Duration of a group's last evaluation.")
                          .value()),
        last_evaluation(registry
                            .gauge<"rule_group">("prometheus_rule_group_last_evaluation_timestamp_seconds",
                                                 "Time of a group's last evaluation.")
                            .value()),
        last_samples(registry
                         .gauge<"rule_group">("prometheus_rule_group_last_evaluation_samples",
                                              "Samples that a group's last evaluation gave.")
                         .value()),
        rules(registry.gauge<"rule_group">("prometheus_rule_group_rules", "Rules of a group.").value()) {}

  Counters evaluations;
  Counters failures;
  Counters iterations;
  Counters missed;
  Gauges interval;
  Gauges last_duration;
  Gauges last_evaluation;
  Gauges last_samples;
  Gauges rules;
};

RuleMetrics::RuleMetrics(Registry& registry) : families_(std::make_shared<const Families>(registry)) {
  groups = registry.gauge("bellwether_rule_groups", "Groups of rules.").value();
  arrival_rules =
      registry.gauge("bellwether_rule_arrival_rules", "Rules that are evaluated when a sample arrives.").value();
  const auto buckets = Buckets::exponential(0.00001, 4, 12);
  evaluation =
      registry.duration_histogram("prometheus_rule_group_duration_seconds", "Duration of groups' evaluations.", buckets)
          .value();
  arrival_evaluations =
      registry.counter("bellwether_rule_arrival_evaluations_total", "Evaluations of rules on arrival of a sample.")
          .value();
  arrival_failures = registry.counter("bellwether_rule_arrival_failures_total", "Those of them that failed.").value();
  arrivals_lost = registry
                      .counter("bellwether_rule_arrivals_lost_total",
                               "Samples that rules were not evaluated for on arrival, since a million waited.")
                      .value();
  arrival_duration = registry
                         .duration_histogram("bellwether_rule_arrival_duration_seconds",
                                             "Duration of evaluations on arrival, with telling the notifier.", buckets)
                         .value();
  alerts_told =
      registry.counter("bellwether_rule_alerts_told_total", "Alerts given to the notifier: begun, going on, ended.")
          .value();
  template_failures = registry
                          .counter("bellwether_rule_template_failures_total",
                                   "Labels and annotations of alerts that could not be filled in.")
                          .value();
}

GroupMetrics RuleMetrics::of_group(const RuleGroup& group) const {
  if (families_ == nullptr) return {};
  const std::string name = group.definition().file + ';' + group.definition().name;
  GroupMetrics metrics{
      families_->evaluations.own(name),     families_->failures.own(name),     families_->iterations.own(name),
      families_->missed.own(name),          families_->interval.own(name),     families_->last_duration.own(name),
      families_->last_evaluation.own(name), families_->last_samples.own(name), families_->rules.own(name)};
  metrics.interval_seconds->set(static_cast<double>(group.interval().count()) / 1000);
  metrics.rules->set(static_cast<double>(group.rules().size()));
  return metrics;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
