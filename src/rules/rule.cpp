// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "promql/printer.hpp"
#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

/// A clock that was set back by more is followed; less is a group that runs after an arrival.
constexpr std::int64_t follow_back_ms = 60'000;

}  // namespace

Rule::Rule(const RuleDefinition& definition, AlertLabels labels, std::shared_ptr<const RuleContext> context)
    : definition_(definition),
      labels_(std::move(labels)),
      context_(std::move(context)),
      printed_(promql::print(*definition_.tree)) {}
Rule::~Rule() = default;

RuleReport Rule::evaluate(const Evaluation& evaluation) {
  const std::lock_guard lock(mutex_);
  return evaluate_locked(evaluation);
}

RuleReport Rule::evaluate_locked(Evaluation evaluation) {
  const auto start = context_->clock->monotonic();
  if (evaluation.query_ms < last_query_ms_ && last_query_ms_ - evaluation.query_ms < follow_back_ms) {
    evaluation.query_ms = last_query_ms_;  // it was evaluated on arrival of something newer
    evaluation.time_ms = std::max(evaluation.time_ms, evaluation.query_ms);
  }
  last_query_ms_ = evaluation.query_ms;
  last_evaluation_ms_ = evaluation.time_ms;

  RuleReport report;
  Result<std::vector<RuleSample>> samples = run(evaluation);
  report.good = samples.has_value();
  if (samples) {
    report.samples = write(std::move(*samples), evaluation.query_ms);
    health_ = RuleHealth::good;
    last_error_.clear();
  } else {
    if (context_->log && last_error_ != samples.error().message) {
      context_->log("rule " + definition_.name + ": " + samples.error().message);
    }
    health_ = RuleHealth::bad;
    last_error_ = samples.error().message;
  }
  evaluation_time_ = context_->clock->monotonic() - start;
  report.duration = evaluation_time_;
  return report;
}

std::size_t Rule::write(std::vector<RuleSample> samples, std::int64_t query_ms) {
  // A second evaluation at one time may differ from the first: its samples must not meet those.
  const bool again = query_ms <= last_written_ms_ && last_written_ms_ - query_ms < follow_back_ms;
  const std::int64_t time_ms = again ? last_written_ms_ + 1 : query_ms;
  const std::size_t count = samples.size();
  std::vector<storage::LabelSet> now;
  now.reserve(count);
  for (RuleSample& sample : samples) {
    sample.time_ms = time_ms;
    now.push_back(sample.labels);
  }
  std::sort(now.begin(), now.end());
  std::vector<storage::LabelSet> gone;
  std::set_difference(written_.begin(), written_.end(), now.begin(), now.end(), std::back_inserter(gone));
  for (storage::LabelSet& labels : gone) samples.push_back({std::move(labels), time_ms, storage::stale_nan(), nullptr});
  written_ = std::move(now);
  if (samples.empty()) return 0;
  last_written_ms_ = time_ms;
  const WriteReport written = context_->store->write(samples);
  if (written.refused > 0 && context_->log) {
    context_->log("rule " + definition_.name + ": " + std::to_string(written.refused) + " samples were not stored");
  }
  return count;
}

Result<promql::QueryResult> Rule::query(const promql::Expression& tree, std::string_view text,
                                        std::int64_t time_ms) const {
  promql::QueryResult result = context_->engine.evaluate_instant(context_->store->source(), tree, text, time_ms);
  if (!result) return Error{std::move(result.error)};
  if (result.type == promql::ValueType::scalar) {
    promql::ResultSeries one;
    one.points.add({result.time, result.scalar, nullptr});
    result.series.push_back(std::move(one));
  } else if (result.type != promql::ValueType::vector) {
    return Error{"rule result is not a vector or scalar"};
  }
  return result;
}

RuleState Rule::state() const {
  const std::lock_guard lock(mutex_);
  RuleState state;
  state.name = definition_.name;
  state.alerting = definition_.alerting;
  state.query = printed_;
  state.hold = definition_.hold;
  state.keep_firing = definition_.keep_firing;
  state.labels = labels_;
  state.annotations = definition_.annotations;
  state.health = health_;
  state.last_error = last_error_;
  state.last_evaluation_ms = last_evaluation_ms_;
  state.evaluation_time = evaluation_time_;
  state.on_arrival = on_arrival_;
  add_state(state);
  return state;
}

void Rule::take_over(Rule& former) {
  const std::scoped_lock lock(mutex_, former.mutex_);
  last_query_ms_ = former.last_query_ms_;
  last_written_ms_ = former.last_written_ms_;
  written_ = std::exchange(former.written_, {});
  health_ = former.health_;
  last_error_ = former.last_error_;
  last_evaluation_ms_ = former.last_evaluation_ms_;
  evaluation_time_ = former.evaluation_time_;
  take_over_more(former);
}

void Rule::end(std::int64_t time_ms) {
  const std::lock_guard lock(mutex_);
  end_more(time_ms);
  write({}, time_ms);
}

void Rule::set_on_arrival(bool on_arrival) {
  const std::lock_guard lock(mutex_);
  on_arrival_ = on_arrival;
}

AlertLabels to_labels(std::span<const promql::LabelView> views) {
  AlertLabels labels;
  for (const promql::LabelView& label : views) {
    labels.emplace_hint(labels.end(), std::string(label.name), std::string(label.value));
  }
  return labels;
}

Result<storage::LabelSet> to_label_set(const AlertLabels& labels) {
  std::vector<storage::LabelView> views;
  views.reserve(labels.size());
  for (const auto& [name, value] : labels) {
    if (!value.empty()) views.push_back({name, value});
  }
  return storage::LabelSet::make(views);
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
