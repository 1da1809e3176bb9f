// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>
#include <vector>

#include "promql/arithmetic.hpp"
#include "promql/evaluator.hpp"
#include "promql/range_windows.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// What a function of a range vector sees of one series at one step: floats [begin, end) and histograms likewise.
struct Window {
  const Samples* samples = nullptr;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t histogram_begin = 0;
  std::size_t histogram_end = 0;
  std::int64_t ends_at = 0;
  std::int64_t range = 0;
  std::size_t step = 0;

  std::size_t floats() const noexcept { return end - begin; }
  std::size_t histograms() const noexcept { return histogram_end - histogram_begin; }
  const double* values() const noexcept { return samples->values.data(); }
};

/// What it needs besides.
struct RangeCall {
  Annotations* annotations = nullptr;
  const Call* node = nullptr;
  Place place;  ///< of the range vector
  std::string_view metric;
  Steps evaluator_steps;
  std::vector<double> first_scalar;  ///< by step
  std::vector<double> second_scalar;
  const WindowPlacer* placer = nullptr;  ///< where windows end, and their length
};

/// One function at work on one series; steps come in order and windows never go back.
class RangeFunction {
 public:
  virtual ~RangeFunction() = default;
  /// Before the first step of a series.
  virtual void begin(const Samples& /*samples*/) {}
  /// Sets the row's point, or leaves it absent. The window is not empty.
  virtual void evaluate(const Window& window, const RangeCall& call, Row& row) = 0;
  /// All steps of a series that has floats alone, after begin() and with a row that is reset: in place of evaluate() for each.
  virtual void evaluate_floats(FloatWindows& windows, const Samples& samples, const RangeCall& call, Row& row);
};

/// The window of one step.
inline Window window_at(const FloatWindows& windows, const Samples& samples, const RangeCall& call, std::size_t step) {
  Window window;
  window.samples = &samples;
  window.begin = windows.begin[step];
  window.end = windows.end[step];
  window.ends_at = call.placer->window_ends()[step];
  window.range = call.placer->range();
  window.step = step;
  return window;
}

/// One number of each window that has a sample.
template <typename Value>
void each_filled(const FloatWindows& windows, Row& row, Value value) {
  for (std::size_t i = 0; i < windows.steps(); ++i) {
    if (windows.filled[i] == PointKind::number) row.values[i] = value(windows.begin[i], windows.end[i]);
  }
  row.kinds = windows.filled;
}

std::unique_ptr<RangeFunction> make_rate_function(FunctionId id);
std::unique_ptr<RangeFunction> make_sum_function(FunctionId id);        ///< sums, averages and deviations over time
std::unique_ptr<RangeFunction> make_order_function(FunctionId id);      ///< extremes and quantiles over time
std::unique_ptr<RangeFunction> make_over_time_function(FunctionId id);  ///< what else goes over time
std::unique_ptr<RangeFunction> make_regression_function(FunctionId id);

/// For functions of floats: false when there is none; histograms besides are told of.
bool has_floats(const Window& window, const RangeCall& call);

/// rate, increase and delta of histograms; null when there is none.
HistogramPtr histogram_rate(const Window& window, bool is_counter, const RangeCall& call);

/// Sum and average of histograms of a window or a group, compensated as those of numbers are.
class HistogramSum {
 public:
  /// False: it has custom buckets and the others have not, or the other way round.
  bool add(const Histogram& histogram, bool as_mean);
  double count() const noexcept { return count_; }
  bool reset_conflict() const noexcept { return seen_reset_ && seen_no_reset_; }
  bool bounds_reconciled() const noexcept { return bounds_reconciled_; }
  HistogramPtr sum() const;
  HistogramPtr mean() const;

 private:
  Histogram total_;
  Histogram lost_;  ///< by rounding
  double count_ = 0;
  bool is_incremental_ = false;
  bool seen_reset_ = false;
  bool seen_no_reset_ = false;
  bool bounds_reconciled_ = false;
};

inline constexpr std::string_view mixed_range = "encountered a mix of histograms and floats for metric name ";
inline constexpr std::string_view ignored_in_range =
    "ignored histograms in a range containing both floats and histograms for metric name ";
inline constexpr std::string_view mixed_schemas =
    "vector contains a mix of histograms with exponential and custom buckets schemas for metric name ";
inline constexpr std::string_view reset_conflict_text = "conflicting counter resets during histogram ";
inline constexpr std::string_view bounds_reconciled_text = "mismatched custom buckets were reconciled during ";

}  // namespace promql
BELLWETHER_NAMESPACE_END
