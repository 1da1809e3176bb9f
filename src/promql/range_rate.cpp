// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "promql/range_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

/// By how much what happened between the first and the last sample is stretched to the whole window: as far as the samples
/// lie, and at most half a sample's distance where the series seems to begin or end inside it.
struct Stretch {
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::size_t samples = 0;
  bool is_counter = false;
  double first_value = 0;  ///< of a counter: below zero it never was
  double rise = 0;

  double sampled() const { return static_cast<double>(last - first) / 1000; }
  double distance() const { return sampled() / static_cast<double>(samples - 1); }
  /// Without a counter's clamp.
  double to_start(const Window& window) const {
    const double whole = static_cast<double>(first - (window.ends_at - window.range)) / 1000;
    return whole >= distance() * 1.1 ? distance() / 2 : whole;
  }
  double to_end(const Window& window) const {
    const double whole = static_cast<double>(window.ends_at - last) / 1000;
    return whole >= distance() * 1.1 ? distance() / 2 : whole;
  }
  double factor(const Window& window) const {
    double before = to_start(window);
    if (is_counter && rise > 0 && first_value >= 0) before = std::min(before, sampled() * (first_value / rise));
    return (sampled() + before + to_end(window)) / sampled();
  }
};

class Rate final : public RangeFunction {
 public:
  Rate(bool is_counter, bool per_second) noexcept : is_counter_(is_counter), per_second_(per_second) {}

  void begin(const Samples& samples) override {
    resets_.clear();
    next_reset_ = 0;
    if (!is_counter_ || !ever_falls(samples.values)) return;
    for (std::size_t i = 1; i < samples.values.size(); ++i) {
      if (samples.values[i] < samples.values[i - 1]) resets_.push_back(i);
    }
  }

  void evaluate(const Window& window, const RangeCall& call, Row& row) override {
    if (window.floats() > 0 && window.histograms() > 0) {
      call.annotations->warn(std::string(mixed_range) + quoted(call.metric), call.place);
      return;
    }
    if (window.floats() > 1) {
      const double rise = rise_of(window.samples->values.data(), window.begin, window.end);
      row.set(window.step, rise * factor(stretch_of(window, rise), window));
    } else if (window.histograms() > 1) {
      const HistogramPtr rise = histogram_rate(window, is_counter_, call);
      if (rise == nullptr) return;
      Stretch stretch;
      stretch.is_counter = is_counter_;
      stretch.first = window.samples->histogram_times[window.histogram_begin];
      stretch.last = window.samples->histogram_times[window.histogram_end - 1];
      stretch.samples = window.histograms();
      stretch.first_value = window.samples->histograms[window.histogram_begin]->count;
      stretch.rise = rise->count;
      Histogram scaled = *rise;
      scale(scaled, factor(stretch, window));
      row.set(window.step, std::make_shared<const Histogram>(std::move(scaled)));
    }
  }

  /// All but a counter's clamp to zero hangs on the times alone: one multiplication is left for each step.
  void evaluate_floats(FloatWindows& windows, const Samples& samples, const RangeCall& call, Row& row) override {
    if (windows.of_times[0].empty()) weigh(windows, samples, call);
    const double* const values = samples.values.data();
    const std::uint32_t* const begin = windows.begin.data();
    const std::uint32_t* const end = windows.end.data();
    const double* const factors = windows.of_times[0].data();
    double* const out = row.values.data();
    const std::size_t steps = windows.steps();
    row.kinds = windows.paired;
    if (!resets_.empty()) {
      for (std::size_t i = 0; i < steps; ++i) {
        if (windows.paired[i] == PointKind::number) out[i] = rise_of(values, begin[i], end[i]);
      }
    } else if (windows.slides_by_one) {
      const double* const firsts = values + begin[0];
      const double* const lasts = values + end[0] - 1;
      for (std::size_t i = 0; i < steps; ++i) out[i] = lasts[i] - firsts[i];
    } else {
      for (std::size_t i = 0; i < steps; ++i) {
        if (windows.paired[i] == PointKind::number) out[i] = values[end[i] - 1] - values[begin[i]];
      }
    }
    if (is_counter_) {
      clamp(windows, samples, call, row);
    } else {
      for (std::size_t i = 0; i < steps; ++i) out[i] *= factors[i];
    }
  }

 private:
  static bool ever_falls(const std::vector<double>& values) noexcept {
    std::uint64_t falls = 0;
    for (std::size_t i = 1; i < values.size(); ++i) falls += values[i] < values[i - 1] ? 1U : 0U;
    return falls > 0;
  }

  /// Windows must come in order.
  double rise_of(const double* values, std::size_t begin, std::size_t end) {
    double rise = values[end - 1] - values[begin];
    while (next_reset_ < resets_.size() && resets_[next_reset_] <= begin) ++next_reset_;
    for (std::size_t i = next_reset_; i < resets_.size() && resets_[i] < end; ++i) rise += values[resets_[i] - 1];
    return rise;
  }

  Stretch stretch_of(const Window& window, double rise) const {
    Stretch stretch;
    stretch.is_counter = is_counter_;
    stretch.first = window.samples->times[window.begin];
    stretch.last = window.samples->times[window.end - 1];
    stretch.samples = window.floats();
    stretch.first_value = window.values()[window.begin];
    stretch.rise = rise;
    return stretch;
  }

  double factor(const Stretch& stretch, const Window& window) const {
    const double factor = stretch.factor(window);
    return per_second_ ? factor / (static_cast<double>(window.range) / 1000) : factor;
  }

  /// Of each window the factor that holds unless the clamp does; and the share of the rise under which the first value must be
  /// for the clamp to matter, a little too large: sampled * (first / rise) < to_start, without the division.
  void weigh(FloatWindows& windows, const Samples& samples, const RangeCall& call) const {
    std::vector<double>& factors = windows.of_times[0];
    std::vector<double>& shares = windows.of_times[1];
    factors.assign(windows.steps(), 0);
    shares.assign(windows.steps(), 0);
    for (std::size_t i = 0; i < windows.steps(); ++i) {
      if (windows.count(i) < 2) continue;
      const Window window = window_at(windows, samples, call, i);
      Stretch stretch = stretch_of(window, 0);
      stretch.is_counter = false;
      factors[i] = factor(stretch, window);
      shares[i] = stretch.to_start(window) / stretch.sampled() * (1 + 1e-9);
    }
  }

  /// Multiplies the rises, and works out anew where the clamp may matter.
  void clamp(const FloatWindows& windows, const Samples& samples, const RangeCall& call, Row& row) const {
    constexpr double smallest = 1e-290;  // below, the estimate may be off by more than its margin
    const double* const values = samples.values.data();
    const double* const factors = windows.of_times[0].data();
    const double* const shares = windows.of_times[1].data();
    const std::uint32_t* const begin = windows.begin.data();
    double* const out = row.values.data();
    const std::size_t steps = windows.steps();
    const auto may_clamp = [](double first, double rise, double share) {
      return static_cast<unsigned>(first < share * rise + smallest) & static_cast<unsigned>(rise > 0);
    };
    unsigned any = 0;
    if (windows.slides_by_one) {
      const double* const firsts = values + begin[0];
      for (std::size_t i = 0; i < steps; ++i) any |= may_clamp(firsts[i], out[i], shares[i]);
    } else {
      for (std::size_t i = 0; i < steps; ++i) {
        if (windows.paired[i] == PointKind::number) any |= may_clamp(values[begin[i]], out[i], shares[i]);
      }
    }
    if (any == 0) {
      for (std::size_t i = 0; i < steps; ++i) out[i] *= factors[i];
      return;
    }
    for (std::size_t i = 0; i < steps; ++i) {
      if (windows.paired[i] != PointKind::number) continue;
      const double rise = out[i];
      double by = factors[i];
      if (may_clamp(values[begin[i]], rise, shares[i]) != 0) {
        const Window window = window_at(windows, samples, call, i);
        by = factor(stretch_of(window, rise), window);
      }
      out[i] = rise * by;
    }
  }

  bool is_counter_;
  bool per_second_;
  std::vector<std::size_t> resets_;  // samples that are less than the one before
  std::size_t next_reset_ = 0;
};

/// irate and idelta: the last two samples alone.
class LastTwo final : public RangeFunction {
 public:
  explicit LastTwo(bool is_rate) noexcept : is_rate_(is_rate) {}

  void evaluate(const Window& window, const RangeCall& call, Row& row) override {
    if (window.floats() + window.histograms() < 2) return;
    const Samples& samples = *window.samples;
    std::size_t f = window.end;
    std::size_t h = window.histogram_end;
    std::int64_t times[2] = {};
    bool is_float[2] = {};
    for (int i = 1; i >= 0; --i) {  // from the latest backwards
      const bool has_float = f > window.begin;
      const bool has_histogram = h > window.histogram_begin;
      is_float[i] = has_float && (!has_histogram || samples.times[f - 1] > samples.histogram_times[h - 1]);
      times[i] = is_float[i] ? samples.times[--f] : samples.histogram_times[--h];
    }
    if (is_float[0] != is_float[1]) {
      call.annotations->warn(std::string(mixed_range) + quoted(call.metric), call.place);
      return;
    }
    const double seconds = static_cast<double>(times[1] - times[0]) / 1000;
    if (seconds == 0) return;
    if (is_float[0]) {
      const double before = samples.values[f];
      const double after = samples.values[f + 1];
      double value = is_rate_ && after < before ? after : after - before;
      if (is_rate_) value /= seconds;
      row.set(window.step, value);
      return;
    }
    of_histograms(*samples.histograms[h], *samples.histograms[h + 1], seconds, call, row, window.step);
  }

 private:
  void of_histograms(const Histogram& before, const Histogram& after, double seconds, const RangeCall& call, Row& row,
                     std::size_t step) const {
    const bool gauges = before.hint == ResetHint::gauge && after.hint == ResetHint::gauge;
    const bool any_gauge = before.hint == ResetHint::gauge || after.hint == ResetHint::gauge;
    if (is_rate_ && any_gauge) {
      call.annotations->warn("this native histogram metric is not a counter: " + quoted(call.metric), call.place);
    } else if (!is_rate_ && !gauges) {
      call.annotations->warn("this native histogram metric is not a gauge: " + quoted(call.metric), call.place);
    }
    Histogram value = after;
    if (!is_rate_ || !is_reset(before, after)) {
      const MergeReport report = subtract(value, before);
      if (!report.is_compatible) {
        call.annotations->warn(std::string(mixed_schemas) + quoted(call.metric), call.place);
        return;
      }
      if (report.bounds_reconciled)
        call.annotations->inform(std::string(bounds_reconciled_text) + "subtraction", call.place);
    }
    value.hint = ResetHint::gauge;
    drop_empty_buckets(value);
    if (is_rate_) scale(value, 1 / seconds);
    row.set(step, std::make_shared<const Histogram>(std::move(value)));
  }

  bool is_rate_;
};

}  // namespace

std::unique_ptr<RangeFunction> make_rate_function(FunctionId id) {
  switch (id) {
    case FunctionId::rate:
      return std::make_unique<Rate>(true, true);
    case FunctionId::increase:
      return std::make_unique<Rate>(true, false);
    case FunctionId::delta:
      return std::make_unique<Rate>(false, false);
    case FunctionId::irate:
      return std::make_unique<LastTwo>(true);
    case FunctionId::idelta:
      return std::make_unique<LastTwo>(false);
    default:
      return nullptr;
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
