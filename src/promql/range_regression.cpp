// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <memory>

#include "promql/number_columns.hpp"
#include "promql/range_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

struct Line {
  double slope = 0;
  double intercept = 0;
};

/// Least squares; the intercept is where the line is at `zero`.
Line fit(const Window& window, std::int64_t zero) {
  const double first = window.values()[window.begin];
  CompensatedSum x;
  CompensatedSum y;
  CompensatedSum xy;
  CompensatedSum xx;
  bool is_constant = true;
  for (std::size_t i = window.begin; i < window.end; ++i) {
    const double value = window.values()[i];
    const double time = static_cast<double>(window.samples->times[i] - zero) / 1000;
    is_constant = is_constant && value == first;
    x.add(time);
    y.add(value);
    xy.add(time * value);
    xx.add(time * time);
  }
  if (is_constant) {
    if (std::isinf(first)) return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    return {0, first};
  }
  const auto n = static_cast<double>(window.floats());
  const double covariance = xy.value() - x.value() * y.value() / n;
  const double variance = xx.value() - x.value() * x.value() / n;
  const double slope = covariance / variance;
  return {slope, y.value() / n - slope * x.value() / n};
}

/// Says that histograms are left out; true when there are floats enough.
bool has_two_floats(const Window& window, const RangeCall& call) {
  if (window.floats() > 0 && window.histograms() > 0) {
    call.annotations->inform(std::string(ignored_in_range) + quoted(call.metric), call.place);
  }
  return window.floats() > 1;
}

/// deriv and predict_linear. Of the four sums, two hang on the times alone and are summed once for series that share them.
class Regression : public RangeFunction {
 public:
  void evaluate(const Window& window, const RangeCall& call, Row& row) final {
    if (!has_two_floats(window, call)) return;
    row.set(window.step, result(fit(window, zero_of(window, call)), call, window.step));
  }

  void evaluate_floats(FloatWindows& windows, const Samples& samples, const RangeCall& call, Row& row) final {
    if (windows.of_times[0].empty()) sum_times(windows, samples, call);
    row.kinds = windows.paired;
    const bool knows_seconds = !windows.of_times[2].empty();
    std::size_t place = 0;
    for (std::size_t i = 0; i < windows.steps(); ++i) {
      if (windows.paired[i] != PointKind::number) continue;
      const std::size_t count = windows.count(i);
      const Window window = window_at(windows, samples, call, i);
      if (!knows_seconds) set_seconds(seconds_, window, zero_of(window, call));
      const double* const seconds = knows_seconds ? windows.of_times[2].data() + place : seconds_.data();
      place += count;
      Line line;
      if (!fit_values(seconds, samples.values.data() + windows.begin[i], count, windows.of_times[0][i],
                      windows.of_times[1][i], line)) {
        line = fit(window, zero_of(window, call));
      }
      row.values[i] = result(line, call, i);
    }
  }

 protected:
  /// Where the line's intercept is.
  virtual std::int64_t zero_of(const Window& window, const RangeCall& call) const = 0;
  virtual double result(const Line& line, const RangeCall& call, std::size_t step) const = 0;

 private:
  static void set_seconds(std::vector<double>& seconds, const Window& window, std::int64_t zero) {
    seconds.clear();
    append_seconds(seconds, window, zero);
  }
  static void append_seconds(std::vector<double>& seconds, const Window& window, std::int64_t zero) {
    const std::vector<std::int64_t>& times = window.samples->times;
    for (std::size_t i = window.begin; i < window.end; ++i) {
      seconds.push_back(static_cast<double>(times[i] - zero) / 1000);
    }
  }

  /// Of each window the sum of the times and their variance; and, where they are not too many, the times themselves.
  void sum_times(FloatWindows& windows, const Samples& samples, const RangeCall& call) const {
    constexpr std::size_t most_seconds = 1U << 15U;
    auto& [sums, variances, all_seconds] = windows.of_times;
    sums.assign(windows.steps(), 0);
    variances.assign(windows.steps(), 0);
    std::vector<double> seconds;
    bool keeps = true;
    for (std::size_t i = 0; i < windows.steps(); ++i) {
      if (windows.paired[i] != PointKind::number) continue;
      const Window window = window_at(windows, samples, call, i);
      set_seconds(seconds, window, zero_of(window, call));
      CompensatedSum x;
      CompensatedSum xx;
      for (const double time : seconds) {
        x.add(time);
        xx.add(time * time);
      }
      sums[i] = x.value();
      variances[i] = xx.value() - x.value() * x.value() / static_cast<double>(seconds.size());
      keeps = keeps && all_seconds.size() + seconds.size() <= most_seconds;
      if (keeps) all_seconds.insert(all_seconds.end(), seconds.begin(), seconds.end());
    }
    if (!keeps) all_seconds.clear();
  }

  /// The same as fit(), with both sums of values in one go. False: infinite or no numbers, that fit() knows how to treat.
  static bool fit_values(const double* seconds, const double* values, std::size_t count, double x, double variance,
                         Line& line) {
    NumberPair sum{};
    NumberPair lost{};
    std::uint64_t different = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double value = values[i];
      different += value == values[0] ? 0U : 1U;
      const NumberPair added{value, seconds[i] * value};
      const NumberPair next = sum + added;
      const NumberPair taken = next - sum;
      lost += (sum - (next - taken)) + (added - taken);  // what Neumaier loses, without asking which is the larger
      sum = next;
    }
    const double y = sum[0] + lost[0];
    const double xy = sum[1] + lost[1];
    if (!std::isfinite(y) || !std::isfinite(xy)) return false;
    if (different == 0) {
      line = {0, values[0]};
      return true;
    }
    const auto n = static_cast<double>(count);
    line.slope = (xy - x * y / n) / variance;
    line.intercept = y / n - line.slope * x / n;
    return true;
  }

  std::vector<double> seconds_;
};

class Derivative final : public Regression {
 protected:
  std::int64_t zero_of(const Window& window, const RangeCall&) const override {
    return window.samples->times[window.begin];
  }
  double result(const Line& line, const RangeCall&, std::size_t) const override { return line.slope; }
};

class Prediction final : public Regression {
 protected:
  std::int64_t zero_of(const Window& window, const RangeCall& call) const override {
    return call.evaluator_steps.at(window.step);
  }
  double result(const Line& line, const RangeCall& call, std::size_t step) const override {
    return line.slope * call.first_scalar[step] + line.intercept;
  }
};

class DoubleExponentialSmoothing final : public RangeFunction {
 public:
  void evaluate(const Window& window, const RangeCall& call, Row& row) override {
    if (!has_two_floats(window, call)) return;
    const double* const values = window.values();
    const double smoothing = call.first_scalar[window.step];
    const double trend_factor = call.second_scalar[window.step];
    double before = 0;
    double level = values[window.begin];
    double trend = values[window.begin + 1] - values[window.begin];
    for (std::size_t i = window.begin + 1; i < window.end; ++i) {
      if (i > window.begin + 1) trend = trend_factor * (level - before) + (1 - trend_factor) * trend;
      const double next = smoothing * values[i] + (1 - smoothing) * (level + trend);
      before = level;
      level = next;
    }
    row.set(window.step, level);
  }
};

}  // namespace

std::unique_ptr<RangeFunction> make_regression_function(FunctionId id) {
  switch (id) {
    case FunctionId::deriv:
      return std::make_unique<Derivative>();
    case FunctionId::predict_linear:
      return std::make_unique<Prediction>();
    case FunctionId::double_exponential_smoothing:
      return std::make_unique<DoubleExponentialSmoothing>();
    default:
      return nullptr;
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
