// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule_group.hpp"

#include <utility>

#include "rules/alerting_rule.hpp"
#include "rules/recording_rule.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

std::uint64_t hash_of(const GroupDefinition& group) {
  return fingerprint({{"file", group.file}, {"name", group.name}});
}

std::shared_ptr<Rule> make_rule(const RuleDefinition& rule, const GroupDefinition& group,
                                const std::shared_ptr<const RuleContext>& context) {
  AlertLabels labels = group.labels;
  for (const auto& [name, value] : rule.labels) labels[name] = value;
  if (rule.alerting) return std::make_shared<AlertingRule>(rule, std::move(labels), context);
  return std::make_shared<RecordingRule>(rule, std::move(labels), context);
}

}  // namespace

RuleGroup::RuleGroup(const GroupDefinition& definition, const Defaults& defaults,
                     std::shared_ptr<const RuleContext> context)
    : definition_(definition),
      interval_(definition.interval.count() > 0 ? definition.interval : defaults.interval),
      query_offset_(definition.query_offset.value_or(defaults.query_offset)),
      context_(std::move(context)),
      hash_(hash_of(definition_)) {
  for (const RuleDefinition& rule : definition_.rules) rules_.push_back(make_rule(rule, definition_, context_));
}

GroupReport RuleGroup::evaluate(std::int64_t time_ms) {
  const auto start = context_->clock->monotonic();
  GroupReport report;
  for (const std::shared_ptr<Rule>& rule : rules_) {
    const RuleReport done = rule->evaluate({time_ms, time_ms - query_offset_.count(), interval_, definition_.limit});
    ++report.rules;
    report.samples += done.samples;
    if (!done.good) ++report.failures;
  }
  report.duration = context_->clock->monotonic() - start;
  const std::lock_guard lock(mutex_);
  last_evaluation_ms_ = time_ms;
  evaluation_time_ = report.duration;
  return report;
}

void RuleGroup::restore(std::int64_t time_ms) {
  for (const std::shared_ptr<Rule>& rule : rules_) {
    if (auto* const alerting = dynamic_cast<AlertingRule*>(rule.get())) alerting->restore(time_ms);
  }
}

void RuleGroup::take_over(RuleGroup& former) {
  std::vector<bool> taken(former.rules_.size());
  for (const std::shared_ptr<Rule>& rule : rules_) {
    for (std::size_t i = 0; i < former.rules_.size(); ++i) {
      Rule& before = *former.rules_[i];
      if (taken[i] || before.definition().name != rule->definition().name ||
          before.definition().alerting != rule->definition().alerting || before.labels() != rule->labels()) {
        continue;
      }
      rule->take_over(before);
      taken[i] = true;
      break;
    }
  }
  const std::scoped_lock lock(mutex_, former.mutex_);
  last_evaluation_ms_ = former.last_evaluation_ms_;
  evaluation_time_ = former.evaluation_time_;
  missed_ = former.missed_;
}

void RuleGroup::end(std::int64_t time_ms) {
  for (const std::shared_ptr<Rule>& rule : rules_) rule->end(time_ms);
}

std::int64_t RuleGroup::slot_before(std::int64_t time_ms) const noexcept {
  const std::int64_t interval = interval_.count();
  const auto offset = static_cast<std::int64_t>(hash_ % static_cast<std::uint64_t>(interval));
  const std::int64_t past = (time_ms - offset) % interval;
  return time_ms - (past < 0 ? past + interval : past);
}

GroupState RuleGroup::state() const {
  GroupState state;
  state.name = definition_.name;
  state.file = definition_.file;
  state.interval = interval_;
  state.limit = definition_.limit;
  for (const std::shared_ptr<Rule>& rule : rules_) state.rules.push_back(rule->state());
  const std::lock_guard lock(mutex_);
  state.last_evaluation_ms = last_evaluation_ms_;
  state.evaluation_time = evaluation_time_;
  state.missed = missed_;
  return state;
}

void RuleGroup::add_missed(std::uint64_t count) noexcept {
  const std::lock_guard lock(mutex_);
  missed_ += count;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
