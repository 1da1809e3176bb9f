// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <memory>

#include "promql/number_columns.hpp"
#include "promql/range_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

/// Candidates for the extreme, each better than all after it: the first is the answer.
class Extreme final : public RangeFunction {
 public:
  explicit Extreme(bool is_max) noexcept : is_max_(is_max) {}

  void begin(const Samples&) override {
    candidates_.clear();
    first_ = 0;
    next_ = 0;
  }

  void evaluate(const Window& window, const RangeCall& call, Row& row) override {
    if (!has_floats(window, call)) return;
    const double* const values = window.values();
    for (next_ = std::max(next_, window.begin); next_ < window.end; ++next_) {
      const double value = values[next_];
      if (std::isnan(value)) continue;
      while (candidates_.size() > first_ &&
             (is_max_ ? values[candidates_.back()] <= value : values[candidates_.back()] >= value)) {
        candidates_.pop_back();
      }
      candidates_.push_back(next_);
    }
    while (first_ < candidates_.size() && candidates_[first_] < window.begin) ++first_;
    row.set(window.step, first_ < candidates_.size() ? values[candidates_[first_]] : values[window.begin]);
  }

  /// Without NaN: the extremes of all runs of 2, 4, 8 and so on in turn; two that overlap make a window. More operations than
  /// with candidates, but none of them a branch that depends on the values.
  void evaluate_floats(FloatWindows& windows, const Samples& samples, const RangeCall& call, Row& row) override {
    if (has_nan(samples.values)) return RangeFunction::evaluate_floats(windows, samples, call, row);
    std::vector<double>& widths = windows.of_times[0];  // of each window the longest run that fits
    if (widths.empty()) {
      for (std::size_t i = 0; i < windows.steps(); ++i) {
        double width = 1;
        while (width * 2 <= static_cast<double>(windows.count(i))) width *= 2;
        widths.push_back(width);
      }
    }
    if (widths.empty()) return;
    const double most = *std::max_element(widths.begin(), widths.end());
    runs_.assign(samples.values.begin(), samples.values.end());
    for (std::size_t width = 1;; width *= 2) {
      for (std::size_t i = 0; i < windows.steps(); ++i) {
        if (widths[i] != static_cast<double>(width) || windows.filled[i] != PointKind::number) continue;
        row.values[i] = better(runs_[windows.begin[i]], runs_[windows.end[i] - width]);
      }
      if (static_cast<double>(width) >= most) break;
      double* const runs = runs_.data();
      const std::size_t last = runs_.size() - width;
      if (is_max_) {
        for (std::size_t i = 0; i < last; ++i) runs[i] = runs[i] > runs[i + width] ? runs[i] : runs[i + width];
      } else {
        for (std::size_t i = 0; i < last; ++i) runs[i] = runs[i] < runs[i + width] ? runs[i] : runs[i + width];
      }
    }
    row.kinds = windows.filled;
  }

 private:
  double better(double a, double b) const noexcept { return (is_max_ ? a > b : a < b) ? a : b; }

  bool is_max_;
  std::vector<double> runs_;
  std::vector<std::size_t> candidates_;
  std::size_t first_ = 0;
  std::size_t next_ = 0;
};

/// Keeps the window's values in order as they come and go.
class Quantile final : public RangeFunction {
 public:
  void begin(const Samples& samples) override {
    sorted_.clear();
    begin_ = end_ = 0;
    has_nan_ = has_nan(samples.values);
  }

  void evaluate(const Window& window, const RangeCall& call, Row& row) override {
    if (!has_floats(window, call)) return;
    row.set(window.step, of(window.values(), window.begin, window.end, call.first_scalar[window.step]));
  }

  void evaluate_floats(FloatWindows& windows, const Samples& samples, const RangeCall& call, Row& row) override {
    const double* const values = samples.values.data();
    for (std::size_t i = 0; i < windows.steps(); ++i) {
      if (windows.filled[i] != PointKind::number) continue;
      row.values[i] = of(values, windows.begin[i], windows.end[i], call.first_scalar[i]);
    }
    row.kinds = windows.filled;
  }

 private:
  double of(const double* values, std::size_t begin, std::size_t end, double quantile) {
    if (begin >= end_) {
      sorted_.assign(values + begin, values + end);
      std::sort(sorted_.begin(), sorted_.end(), nan_first);
      begin_ = begin;
      end_ = end;
    }
    for (; begin_ < begin && end_ < end; ++begin_, ++end_) replace(values[begin_], values[end_]);
    for (; begin_ < begin; ++begin_) sorted_.erase(place_of(values[begin_]));
    for (; end_ < end; ++end_) sorted_.insert(place_of(values[end_]), values[end_]);
    return quantile_of_sorted(quantile, sorted_.data(), sorted_.size());
  }

  /// Moves no more than what lies between the two.
  void replace(double old_value, double new_value) {
    const auto from = place_of(old_value);
    const auto to = place_of(new_value);
    if (from < to) {
      *std::move(from + 1, to, from) = new_value;
    } else {
      std::move_backward(to, from, from + 1);
      *to = new_value;
    }
  }

  std::vector<double>::iterator place_of(double value) {
    constexpr std::size_t few = 128;  // are counted through, several at a time, faster than halved
    if (has_nan_ || sorted_.size() > few) return std::lower_bound(sorted_.begin(), sorted_.end(), value, nan_first);
    std::uint64_t less = 0;
    for (const double other : sorted_) less += other < value ? 1U : 0U;
    return sorted_.begin() + static_cast<std::ptrdiff_t>(less);
  }

  std::vector<double> sorted_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool has_nan_ = false;
};

}  // namespace

std::unique_ptr<RangeFunction> make_order_function(FunctionId id) {
  switch (id) {
    case FunctionId::min_over_time:
      return std::make_unique<Extreme>(false);
    case FunctionId::max_over_time:
      return std::make_unique<Extreme>(true);
    case FunctionId::quantile_over_time:
      return std::make_unique<Quantile>();
    default:
      return nullptr;
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
