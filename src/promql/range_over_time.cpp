// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

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
    // Short windows are summed anew: that is as fast, and to the bit what Prometheus computes.
    if (window.floats() > worth_sliding) {
      const CompensatedSum sum = sliding_.of(window.values(), window.begin, window.end);
      if (std::isfinite(sum.value())) {
        const auto count = static_cast<double>(window.floats());
        row.set(window.step, is_average_ ? sum.sum / count + sum.lost / count : sum.value());
        return;
      }
    }
    if (is_average_) {
      CompensatedMean mean;
      for (std::size_t i = window.begin; i < window.end; ++i) mean.add(window.values()[i]);
      row.set(window.step, mean.value());
    } else {
      CompensatedSum sum;
      for (std::size_t i = window.begin; i < window.end; ++i) sum.add(window.values()[i]);
      row.set(window.step, sum.value());
    }
  }

 private:
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

 private:
  bool is_max_;
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
};

/// changes and resets: events between neighbours, counted up once for the series.
class Events final : public RangeFunction {
 public:
  explicit Events(bool are_resets) noexcept : are_resets_(are_resets) {}

  void begin(const Samples& samples) override {
    total_.clear();
    if (!samples.histograms.empty()) return;
    const std::vector<double>& values = samples.values;
    total_.resize(values.size());
    for (std::size_t i = 1; i < values.size(); ++i) {
      total_[i] = total_[i - 1] + (is_event(values[i - 1], values[i]) ? 1U : 0U);
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

 private:
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
    double count = 0;
    CompensatedSum mean;
    CompensatedSum squares;
    for (std::size_t i = window.begin; i < window.end; ++i) {
      const double value = window.values()[i];
      count += 1;
      const double delta = value - mean.value();
      mean.add(delta / count);
      squares.add(delta * (value - mean.value()));
    }
    const double variance = squares.value() / count;
    row.set(window.step, is_root_ ? std::sqrt(variance) : variance);
  }

 private:
  bool is_root_;
};

/// Keeps the window's values in order as they come and go.
class Quantile final : public RangeFunction {
 public:
  void begin(const Samples&) override {
    sorted_.clear();
    begin_ = end_ = 0;
  }

  void evaluate(const Window& window, const RangeCall& call, Row& row) override {
    if (!has_floats(window, call)) return;
    const double* const values = window.values();
    if (window.begin >= end_) {
      sorted_.assign(values + window.begin, values + window.end);
      std::sort(sorted_.begin(), sorted_.end(), nan_first);
    } else {
      for (std::size_t i = begin_; i < window.begin; ++i) sorted_.erase(place_of(values[i]));
      for (std::size_t i = end_; i < window.end; ++i) sorted_.insert(place_of(values[i]), values[i]);
    }
    begin_ = window.begin;
    end_ = window.end;
    row.set(window.step, quantile_of_sorted(call.first_scalar[window.step], sorted_.data(), sorted_.size()));
  }

 private:
  std::vector<double>::iterator place_of(double value) {
    return std::lower_bound(sorted_.begin(), sorted_.end(), value, nan_first);
  }
  std::vector<double> sorted_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
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
