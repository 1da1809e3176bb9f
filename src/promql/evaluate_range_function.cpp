// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>

#include "promql/range_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

std::unique_ptr<RangeFunction> make_range_function(FunctionId id) {
  if (auto function = make_rate_function(id)) return function;
  if (auto function = make_regression_function(id)) return function;
  if (auto function = make_sum_function(id)) return function;
  if (auto function = make_order_function(id)) return function;
  return make_over_time_function(id);
}

bool has_counter_suffix(std::string_view name) {
  for (const std::string_view suffix : {"_total", "_sum", "_count", "_bucket"}) {
    if (name.size() >= suffix.size() && name.substr(name.size() - suffix.size()) == suffix) return true;
  }
  return false;
}

struct State {
  RangeStream stream;
  RangeCall call;
  std::unique_ptr<RangeFunction> function;
  std::unique_ptr<WindowPlacer> placer;
  std::string informed_of;  ///< the metric whose name was last told not to be a counter's
};

void warn_of_quantiles(Annotations& annotations, const std::vector<double>& quantiles, Place place) {
  for (const double quantile : quantiles) {
    if (quantile >= 0 && quantile <= 1) continue;
    annotations.warn("quantile value should be between 0 and 1, got " + format_g(quantile), place);
  }
}

/// A series that has histograms, step by step: both ends of the window only ever move on.
void slide(State& state, const Samples& samples, Row& row) {
  Window window;
  window.samples = &samples;
  window.range = state.placer->range();
  for (std::size_t i = 0; i < row.size(); ++i) {
    window.step = i;
    window.ends_at = state.placer->window_ends()[i];
    const std::int64_t after = window.ends_at - window.range;
    const auto move = [](const std::vector<std::int64_t>& times, std::int64_t limit, std::size_t& place) {
      while (place < times.size() && times[place] <= limit) ++place;
    };
    move(samples.times, window.ends_at, window.end);
    move(samples.times, after, window.begin);
    move(samples.histogram_times, window.ends_at, window.histogram_end);
    move(samples.histogram_times, after, window.histogram_begin);
    if (window.floats() + window.histograms() > 0) state.function->evaluate(window, state.call, row);
  }
}

/// The function at all steps of one series.
void evaluate_series(State& state, std::size_t series, Row& row) {
  row.reset(state.placer->window_ends().size());
  const Samples& samples = state.stream.read(series);
  if (samples.size() == 0) return;
  state.call.metric = label_value(state.stream.heads[series].labels, metric_name_label);
  state.function->begin(samples);
  if (samples.histogram_times.empty()) {
    state.function->evaluate_floats(state.placer->place(samples.times), samples, state.call, row);
  } else {
    slide(state, samples, row);
  }
}

void inform_of_name(State& state, const Row& row) {
  const std::string_view metric = state.call.metric;
  if (metric.empty() || metric == state.informed_of || has_counter_suffix(metric)) return;
  for (const PointKind kind : row.kinds) {
    if (kind != PointKind::number) continue;
    state.call.annotations->inform(
        "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: " + quoted(metric),
        state.call.place);
    state.informed_of = metric;
    return;
  }
}

}  // namespace

void RangeFunction::evaluate_floats(FloatWindows& windows, const Samples& samples, const RangeCall& call, Row& row) {
  for (std::size_t i = 0; i < windows.steps(); ++i) {
    if (windows.filled[i] == PointKind::number) evaluate(window_at(windows, samples, call, i), call, row);
  }
}

VectorStream evaluate_range_function(Evaluator& evaluator, const Call& node) {
  const FunctionId id = node.function->id;
  auto state = std::make_shared<State>();
  state->function = make_range_function(id);
  RangeCall& call = state->call;
  call.annotations = &evaluator.query().annotations;
  call.node = &node;
  call.evaluator_steps = evaluator.steps();
  bool is_first = true;
  for (const ExpressionPtr& argument : node.arguments) {
    if (argument->type() == ValueType::matrix) {
      call.place = argument->place;
      state->stream = evaluator.range(*argument);
      continue;
    }
    (is_first ? call.first_scalar : call.second_scalar) = evaluator.scalar(*argument);
    is_first = false;
  }
  QueryState& query = evaluator.query();
  if (query.failed()) return {};
  state->placer = std::make_unique<WindowPlacer>(state->stream.range, std::move(state->stream.window_ends));
  call.placer = state->placer.get();
  if (id == FunctionId::quantile_over_time && state->stream.size() > 0) {
    warn_of_quantiles(query.annotations, call.first_scalar, node.arguments.front()->place);
  }
  if (id == FunctionId::double_exponential_smoothing && state->stream.size() > 0) {
    const auto check = [&query](const std::vector<double>& factors, const char* name) {
      for (const double factor : factors) {
        if (factor > 0 && factor < 1) continue;
        query.fail(std::string("invalid ") + name + " factor. Expected: 0 < " + name[0] +
                   "f < 1, got: " + std::to_string(factor));
      }
    };
    check(call.first_scalar, "smoothing");
    check(call.second_scalar, "trend");
  }
  VectorStream out;
  out.heads = state->stream.heads;
  if (id != FunctionId::last_over_time) {
    for (SeriesHead& head : out.heads) head.drop_name = true;
  }
  const bool wants_counter = id == FunctionId::rate || id == FunctionId::increase;
  out.fill = [state, wants_counter](std::size_t series, Row& row) {
    evaluate_series(*state, series, row);
    if (wants_counter) inform_of_name(*state, row);
  };
  return out;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
