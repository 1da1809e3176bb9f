// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "promql/range_window.hpp"
#include "promql/row_pipeline.hpp"

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

void warn_of_quantiles(Annotations& annotations, const std::vector<double>& quantiles, Place place) {
  for (const double quantile : quantiles) {
    if (quantile >= 0 && quantile <= 1) continue;
    annotations.warn("quantile value should be between 0 and 1, got " + format_g(quantile), place);
  }
}

/// What is the same for all series: made once, and read by each thread that makes rows.
struct Plan {
  FunctionId id = FunctionId::rate;
  RangeStream stream;
  RangeCall call;
};

bool wants_counter(FunctionId id) {
  return id == FunctionId::rate || id == FunctionId::increase;
}

/// The function at all steps of a series.
class RangeRows final : public RowMaker {
 public:
  using Read = std::function<const Samples&(std::size_t series, ReadSize& size)>;

  RangeRows(const Annotations& of_query, std::shared_ptr<const Plan> plan, Read read)
      : RowMaker(of_query),
        plan_(std::move(plan)),
        call_(plan_->call),
        read_(std::move(read)),
        function_(make_range_function(plan_->id)),
        placer_(plan_->stream.range, plan_->stream.window_ends) {
    call_.annotations = &annotations;
    call_.placer = &placer_;
  }

  void begin() override { informed_of_.clear(); }

  void make(std::size_t series, Row& row, ReadSize& size) override {
    row.reset(placer_.window_ends().size());
    const Samples& samples = read_(series, size);
    if (samples.size() == 0) return;
    call_.metric = label_value(plan_->stream.heads[series].labels, metric_name_label);
    function_->begin(samples);
    if (samples.histogram_times.empty()) {
      function_->evaluate_floats(placer_.place(samples.times), samples, call_, row);
    } else {
      slide(samples, row);
    }
    if (wants_counter(plan_->id)) inform_of_name(row);
  }

 private:
  /// A series that has histograms, step by step: both ends of the window only ever move on.
  void slide(const Samples& samples, Row& row) {
    Window window;
    window.samples = &samples;
    window.range = placer_.range();
    for (std::size_t i = 0; i < row.size(); ++i) {
      window.step = i;
      window.ends_at = placer_.window_ends()[i];
      const std::int64_t after = window.ends_at - window.range;
      const auto move = [](const std::vector<std::int64_t>& times, std::int64_t limit, std::size_t& place) {
        while (place < times.size() && times[place] <= limit) ++place;
      };
      move(samples.times, window.ends_at, window.end);
      move(samples.times, after, window.begin);
      move(samples.histogram_times, window.ends_at, window.histogram_end);
      move(samples.histogram_times, after, window.histogram_begin);
      if (window.floats() + window.histograms() > 0) function_->evaluate(window, call_, row);
    }
  }

  void inform_of_name(const Row& row) {
    const std::string_view metric = call_.metric;
    if (metric.empty() || metric == informed_of_ || has_counter_suffix(metric)) return;
    for (const PointKind kind : row.kinds) {
      if (kind != PointKind::number) continue;
      annotations.inform(
          "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: " + quoted(metric),
          call_.place);
      informed_of_ = metric;
      return;
    }
  }

  std::shared_ptr<const Plan> plan_;
  RangeCall call_;
  Read read_;
  std::unique_ptr<RangeFunction> function_;
  WindowPlacer placer_;
  std::string informed_of_;  ///< the metric whose name was last told not to be a counter's
};

/// Of a subquery, whose own rows are the ones that other threads may make.
VectorStream rows_of_subquery(QueryState& query, const std::shared_ptr<const Plan>& plan,
                              std::vector<SeriesHead> heads) {
  const auto read = [plan](std::size_t series, ReadSize&) -> const Samples& { return plan->stream.read(series); };
  VectorStream out;
  out.heads = std::move(heads);
  out.fill = [&query, maker = std::make_shared<RangeRows>(query.annotations, plan, read)](std::size_t series,
                                                                                          Row& row) {
    ReadSize none;
    maker->make(series, row, none);
    query.annotations.take(maker->annotations);
  };
  return out;
}

}  // namespace

void RangeFunction::evaluate_floats(FloatWindows& windows, const Samples& samples, const RangeCall& call, Row& row) {
  for (std::size_t i = 0; i < windows.steps(); ++i) {
    if (windows.filled[i] == PointKind::number) evaluate(window_at(windows, samples, call, i), call, row);
  }
}

VectorStream evaluate_range_function(Evaluator& evaluator, const Call& node) {
  const FunctionId id = node.function->id;
  auto plan = std::make_shared<Plan>();
  plan->id = id;
  RangeCall& call = plan->call;
  call.node = &node;
  call.evaluator_steps = evaluator.steps();
  bool is_first = true;
  for (const ExpressionPtr& argument : node.arguments) {
    if (argument->type() == ValueType::matrix) {
      call.place = argument->place;
      plan->stream = evaluator.range(*argument);
      continue;
    }
    (is_first ? call.first_scalar : call.second_scalar) = evaluator.scalar(*argument);
    is_first = false;
  }
  QueryState& query = evaluator.query();
  if (query.failed()) return {};
  if (id == FunctionId::quantile_over_time && plan->stream.size() > 0) {
    warn_of_quantiles(query.annotations, call.first_scalar, node.arguments.front()->place);
  }
  if (id == FunctionId::double_exponential_smoothing && plan->stream.size() > 0) {
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
  std::vector<SeriesHead> heads = plan->stream.heads;
  if (id != FunctionId::last_over_time) {
    for (SeriesHead& head : heads) head.drop_name = true;
  }
  SharedSelection* const selection = plan->stream.selection;
  if (selection == nullptr) return rows_of_subquery(query, plan, std::move(heads));
  const std::size_t steps = evaluator.steps().count;
  return pipelined(query, *selection, std::move(heads), steps,
                   [plan = std::shared_ptr<const Plan>(std::move(plan)), selection,
                    annotations = query.annotations.without_texts()](ReaderThread thread) {
                     auto read = [reader = SeriesReader(*selection, thread)](std::size_t series,
                                                                             ReadSize& size) mutable -> const Samples& {
                       const Samples& samples = reader.read_without_stale(series);
                       size = reader.size();
                       return samples;
                     };
                     return std::make_unique<RangeRows>(annotations, plan, std::move(read));
                   });
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
