// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
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

/// For functions of floats: false when there is none; histograms besides are told of.
bool has_floats(const Window& window, const RangeCall& call) {
  if (window.floats() == 0) return false;
  if (window.histograms() > 0)
    call.annotations->inform(std::string(ignored_in_range) + quoted(call.metric), call.place);
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

class CountOrPresence final : public RangeFunction {
 public:
  explicit CountOrPresence(bool is_count) noexcept : is_count_(is_count) {}
  void evaluate(const Window& window, const RangeCall&, Row& row) override {
    row.set(window.step, is_count_ ? static_cast<double>(window.floats() + window.histograms()) : 1);
  }
  void evaluate_floats(FloatWindows& windows, const Samples&, const RangeCall&, Row& row) override {
    for (std::size_t i = 0; i < windows.steps(); ++i) {
      row.values[i] = is_count_ ? static_cast<double>(windows.count(i)) : 1;
    }
    row.kinds = windows.filled;
  }

 private:
  bool is_count_;
};

class Last final : public RangeFunction {
 public:
  void evaluate(const Window& window, const RangeCall&, Row& row) override {
    const Samples& samples = *window.samples;
    const bool is_float =
        window.histograms() == 0 ||
        (window.floats() > 0 && samples.times[window.end - 1] > samples.histogram_times[window.histogram_end - 1]);
    if (is_float) {
      row.set(window.step, samples.values[window.end - 1]);
    } else {
      row.set(window.step, samples.histograms[window.histogram_end - 1]);
    }
  }
  void evaluate_floats(FloatWindows& windows, const Samples& samples, const RangeCall&, Row& row) override {
    each_filled(windows, row,
                [values = samples.values.data()](std::size_t, std::size_t end) { return values[end - 1]; });
  }
};

/// changes and resets: events between neighbours, counted up once for the series.
class Events final : public RangeFunction {
 public:
  explicit Events(bool are_resets) noexcept : are_resets_(are_resets) {}

  void begin(const Samples& samples) override {
    total_.clear();
    if (!samples.histograms.empty()) return;
    const std::vector<double>& values = samples.values;
    total_.resize(values.size());  // the first is 0
    // Without branches, as values change at random.
    if (are_resets_) {
      count_up(values, [](double before, double after) { return static_cast<unsigned>(after < before); });
    } else if (!has_nan(values)) {
      count_up(values, [](double before, double after) { return static_cast<unsigned>(after != before); });
    } else {
      count_up(values, [this](double before, double after) { return is_event(before, after) ? 1U : 0U; });
    }
  }

  void evaluate(const Window& window, const RangeCall&, Row& row) override {
    if (!total_.empty()) {
      row.set(window.step, static_cast<double>(total_[window.end - 1] - total_[window.begin]));
      return;
    }
    const Samples& samples = *window.samples;
    std::size_t f = window.begin;
    std::size_t h = window.histogram_begin;
    unsigned count = 0;
    const double* value = nullptr;
    const Histogram* histogram = nullptr;
    while (f < window.end || h < window.histogram_end) {
      const bool is_float =
          h == window.histogram_end || (f < window.end && samples.times[f] < samples.histogram_times[h]);
      const double* const next_value = is_float ? &samples.values[f++] : nullptr;
      const Histogram* const next_histogram = is_float ? nullptr : samples.histograms[h++].get();
      if (value != nullptr && next_value != nullptr) {
        count += is_event(*value, *next_value) ? 1U : 0U;
      } else if (histogram != nullptr && next_histogram != nullptr) {
        count +=
            (are_resets_ ? is_reset(*histogram, *next_histogram) : !same_value(*histogram, *next_histogram)) ? 1U : 0U;
      } else if (value != nullptr || histogram != nullptr) {
        ++count;  // from the one kind to the other
      }
      value = next_value;
      histogram = next_histogram;
    }
    row.set(window.step, static_cast<double>(count));
  }

  void evaluate_floats(FloatWindows& windows, const Samples&, const RangeCall&, Row& row) override {
    each_filled(windows, row, [this](std::size_t begin, std::size_t end) {
      return static_cast<double>(total_[end - 1] - total_[begin]);
    });
  }

 private:
  template <typename Event>
  void count_up(const std::vector<double>& values, Event event) {
    std::uint32_t total = 0;
    for (std::size_t i = 1; i < values.size(); ++i) {
      total += event(values[i - 1], values[i]);
      total_[i] = total;
    }
  }

  bool is_event(double before, double after) const noexcept {
    if (are_resets_) return after < before;
    return after != before && !(std::isnan(after) && std::isnan(before));
  }

  bool are_resets_;
  std::vector<std::uint32_t> total_;
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

bool HistogramSum::add(const Histogram& histogram, bool as_mean) {
  if (count_ > 0 && histogram.is_custom() != total_.is_custom()) return false;
  seen_reset_ = seen_reset_ || histogram.hint == ResetHint::reset;
  seen_no_reset_ = seen_no_reset_ || histogram.hint == ResetHint::not_reset;
  count_ += 1;
  if (count_ == 1) {
    total_ = histogram;
    lost_ = nothing_lost(histogram);
    return true;
  }
  if (!is_incremental_) {
    const auto overflows = [](double sum, double added) {
      return std::isinf(sum + added) && std::isfinite(sum) && std::isfinite(added);
    };
    if (!as_mean || (!overflows(total_.sum, histogram.sum) && !overflows(total_.count, histogram.count))) {
      bounds_reconciled_ = add_compensated(total_, lost_, histogram).bounds_reconciled || bounds_reconciled_;
      return true;
    }
    is_incremental_ = true;
    divide(total_, count_ - 1);
    divide(lost_, count_ - 1);
  }
  scale(total_, (count_ - 1) / count_);
  scale(lost_, (count_ - 1) / count_);
  Histogram share = histogram;
  divide(share, count_);
  bounds_reconciled_ = add_compensated(total_, lost_, share).bounds_reconciled || bounds_reconciled_;
  return true;
}

HistogramPtr HistogramSum::sum() const {
  Histogram sum = total_;
  (void)promql::add(sum, lost_);
  return std::make_shared<const Histogram>(std::move(sum));
}

HistogramPtr HistogramSum::mean() const {
  Histogram mean = total_;
  Histogram lost = lost_;
  if (!is_incremental_) {
    divide(mean, count_);
    divide(lost, count_);
  }
  (void)promql::add(mean, lost);
  return std::make_shared<const Histogram>(std::move(mean));
}

std::unique_ptr<RangeFunction> make_over_time_function(FunctionId id) {
  switch (id) {
    case FunctionId::sum_over_time:
      return std::make_unique<SumOrAverage>(false);
    case FunctionId::avg_over_time:
      return std::make_unique<SumOrAverage>(true);
    case FunctionId::min_over_time:
      return std::make_unique<Extreme>(false);
    case FunctionId::max_over_time:
      return std::make_unique<Extreme>(true);
    case FunctionId::count_over_time:
      return std::make_unique<CountOrPresence>(true);
    case FunctionId::present_over_time:
      return std::make_unique<CountOrPresence>(false);
    case FunctionId::last_over_time:
      return std::make_unique<Last>();
    case FunctionId::changes:
      return std::make_unique<Events>(false);
    case FunctionId::resets:
      return std::make_unique<Events>(true);
    case FunctionId::stddev_over_time:
      return std::make_unique<Deviation>(true);
    case FunctionId::stdvar_over_time:
      return std::make_unique<Deviation>(false);
    case FunctionId::quantile_over_time:
      return std::make_unique<Quantile>();
    default:
      return nullptr;
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
