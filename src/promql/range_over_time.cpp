// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <memory>

#include "promql/number_columns.hpp"
#include "promql/range_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

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

}  // namespace

bool has_floats(const Window& window, const RangeCall& call) {
  if (window.floats() == 0) return false;
  if (window.histograms() > 0)
    call.annotations->inform(std::string(ignored_in_range) + quoted(call.metric), call.place);
  return true;
}

std::unique_ptr<RangeFunction> make_over_time_function(FunctionId id) {
  switch (id) {
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
    default:
      return nullptr;
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
