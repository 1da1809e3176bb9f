// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <memory>

#include "promql/number_columns.hpp"
#include "promql/range_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

/// True, and a warning, when floats and histograms are mixed: the function has no result then.
bool is_mixed(const Window& window, const RangeCall& call) {
  if (window.floats() == 0 || window.histograms() == 0) return false;
  call.annotations->warn(std::string(mixed_range) + quoted(call.metric), call.place);
  return true;
}

HistogramPtr sum_of(const Window& window, bool as_mean, const RangeCall& call) {
  HistogramSum sum;
  for (std::size_t i = window.histogram_begin; i < window.histogram_end; ++i) {
    if (sum.add(*window.samples->histograms[i], as_mean)) continue;
    call.annotations->warn(std::string(mixed_schemas) + quoted(call.metric), call.place);
    return nullptr;
  }
  if (sum.reset_conflict()) call.annotations->warn(std::string(reset_conflict_text) + "aggregation", call.place);
  if (sum.bounds_reconciled())
    call.annotations->inform(std::string(bounds_reconciled_text) + "aggregation", call.place);
  return as_mean ? sum.mean() : sum.sum();
}

/// Sums of a window that moves on, each step at the cost of what comes and goes: sums from every place of the front part to its
/// end, and of the back part as it grows.
class SlidingSum {
 public:
  void begin() noexcept { front_end_ = back_end_ = 0; }

  CompensatedSum of(const double* values, std::size_t from, std::size_t to) {
    if (from >= front_end_) {  // the front is used up: the whole window becomes it
      front_end_ = back_end_ = to;
      front_.resize(to - from);
      front_begin_ = from;
      CompensatedSum sum;
      for (std::size_t i = to; i-- > from;) {
        sum.add(values[i]);
        front_[i - from] = sum;
      }
      back_ = {};
    }
    for (; back_end_ < to; ++back_end_) back_.add(values[back_end_]);
    CompensatedSum sum = front_[from - front_begin_];
    sum.add(back_.sum);
    sum.lost += back_.lost;
    return sum;
  }

 private:
  std::vector<CompensatedSum> front_;
  std::size_t front_begin_ = 0;
  std::size_t front_end_ = 0;
  CompensatedSum back_;
  std::size_t back_end_ = 0;
};

class SumOrAverage final : public RangeFunction {
 public:
  explicit SumOrAverage(bool is_average) noexcept : is_average_(is_average) {}

  void begin(const Samples&) override { sliding_.begin(); }

  void evaluate(const Window& window, const RangeCall& call, Row& row) override {
    if (is_mixed(window, call)) return;
    if (window.histograms() > 0) {
      if (HistogramPtr sum = sum_of(window, is_average_, call)) row.set(window.step, std::move(sum));
      return;
    }
    row.set(window.step, of(window.values(), window.begin, window.end));
  }

  void evaluate_floats(FloatWindows& windows, const Samples& samples, const RangeCall&, Row& row) override {
    each_filled(windows, row, [this, values = samples.values.data()](std::size_t begin, std::size_t end) {
      return of(values, begin, end);
    });
  }

 private:
  double of(const double* values, std::size_t begin, std::size_t end) {
    // Short windows are summed anew: that is as fast, and to the bit what Prometheus computes.
    if (end - begin > worth_sliding) {
      const CompensatedSum sum = sliding_.of(values, begin, end);
      if (std::isfinite(sum.value())) {
        const auto count = static_cast<double>(end - begin);
        return is_average_ ? sum.sum / count + sum.lost / count : sum.value();
      }
    }
    if (is_average_) {
      CompensatedMean mean;
      for (std::size_t i = begin; i < end; ++i) mean.add(values[i]);
      return mean.value();
    }
    CompensatedSum sum;
    for (std::size_t i = begin; i < end; ++i) sum.add(values[i]);
    return sum.value();
  }

  static constexpr std::size_t worth_sliding = 48;
  bool is_average_;
  SlidingSum sliding_;
};

class Deviation final : public RangeFunction {
 public:
  explicit Deviation(bool is_root) noexcept : is_root_(is_root) {}
  void evaluate(const Window& window, const RangeCall& call, Row& row) override {
    if (!has_floats(window, call)) return;
    row.set(window.step, of(window.values() + window.begin, window.floats()));
  }
  void evaluate_floats(FloatWindows& windows, const Samples& samples, const RangeCall&, Row& row) override {
    each_filled(windows, row, [this, values = samples.values.data()](std::size_t begin, std::size_t end) {
      return of(values + begin, end - begin);
    });
  }

 private:
  double of(const double* values, std::size_t count) const noexcept {
    double variance = in_two_passes(values, count);
    if (!std::isfinite(variance)) variance = one_by_one(values, count);
    return is_root_ ? std::sqrt(variance) : variance;
  }

  /// Of the distances from the first value, which are exact where values are near each other, and all 0 where they are equal:
  /// first their mean, then the squares of what is left, less what the mean's own rounding adds. No large numbers are taken
  /// from each other, so the result is off by a few units in the last place, as Welford's is; it takes no division a value.
  static double in_two_passes(const double* values, std::size_t count) noexcept {
    const auto n = static_cast<double>(count);
    const NumberPair first{values[0], values[0]};
    const double offset = sum_of_terms(values, count, [first](NumberPair value) { return value - first; }) / n;
    const NumberPair offsets{offset, offset};
    NumberPair rests{};
    NumberPair squares[2] = {};
    NumberPair sums[2] = {};
    std::size_t i = 0;
    for (; i + 4 <= count; i += 4) {
      for (std::size_t lane = 0; lane < 2; ++lane) {
        rests = (load_pair(values + i + 2 * lane) - first) - offsets;
        sums[lane] += rests;
        squares[lane] += rests * rests;
      }
    }
    double square = (squares[0][0] + squares[0][1]) + (squares[1][0] + squares[1][1]);
    double sum = (sums[0][0] + sums[0][1]) + (sums[1][0] + sums[1][1]);
    for (; i < count; ++i) {
      const double rest = (values[i] - values[0]) - offset;
      sum += rest;
      square += rest * rest;
    }
    const double left = square - sum * sum / n;
    return left < 0 ? 0 : left / n;
  }

  /// As Prometheus computes: for values so large, or none, that the other way gives no number.
  static double one_by_one(const double* values, std::size_t size) noexcept {
    double count = 0;
    CompensatedSum mean;
    CompensatedSum squares;
    for (std::size_t i = 0; i < size; ++i) {
      count += 1;
      const double delta = values[i] - mean.value();
      mean.add(delta / count);
      squares.add(delta * (values[i] - mean.value()));
    }
    return squares.value() / count;
  }

  bool is_root_;
};

}  // namespace

std::unique_ptr<RangeFunction> make_sum_function(FunctionId id) {
  switch (id) {
    case FunctionId::sum_over_time:
      return std::make_unique<SumOrAverage>(false);
    case FunctionId::avg_over_time:
      return std::make_unique<SumOrAverage>(true);
    case FunctionId::stddev_over_time:
      return std::make_unique<Deviation>(true);
    case FunctionId::stdvar_over_time:
      return std::make_unique<Deviation>(false);
    default:
      return nullptr;
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
