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
    const std::vector<double>& all_seconds = windows.of_times[2];
    Values waiting;  // a window whose sums wait for those of the next
    std::size_t place = 0;
    for (std::size_t i = 0; i < windows.steps(); ++i) {
      if (windows.paired[i] != PointKind::number) continue;
      Values next{i,
                  windows.count(i),
                  samples.values.data() + windows.begin[i],
                  all_seconds.empty() ? nullptr : all_seconds.data() + place,
                  {}};
      place += next.count;
      if (all_seconds.empty()) {
        const Window window = window_at(windows, samples, call, i);
        set_seconds(seconds_, window, zero_of(window, call));
        next.seconds = seconds_.data();
        add_up(next, waiting);
        put(next, windows, samples, call, row);
      } else if (waiting.count == 0) {
        waiting = next;
      } else {
        add_up(waiting, next);
        put(waiting, windows, samples, call, row);
        put(next, windows, samples, call, row);
        waiting.count = 0;
      }
    }
    if (waiting.count == 0) return;
    Values none;
    add_up(waiting, none);
    put(waiting, windows, samples, call, row);
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
    constexpr std::size_t most_seconds = 1U << 18U;
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

  /// The sum of values and that of their products with the times, both as CompensatedSum has them.
  struct ValueSums {
    NumberPair sum{};
    NumberPair lost{};

    void add(double time, double value) noexcept {
      const NumberPair added{value, time * value};
      const NumberPair next = sum + added;
      const NumberPair taken = next - sum;
      lost += (sum - (next - taken)) + (added - taken);  // what Neumaier loses, without asking which is the larger
      sum = next;
    }
  };
  struct Values {
    std::size_t step = 0;
    std::size_t count = 0;
    const double* values = nullptr;
    const double* seconds = nullptr;
    ValueSums sums;
  };

  /// An addition waits for the one before: two windows at a time take hardly longer than one.
  static void add_up(Values& a, Values& b) noexcept {
    const std::size_t common = std::min(a.count, b.count);
    ValueSums of_a;
    ValueSums of_b;
    for (std::size_t i = 0; i < common; ++i) {
      of_a.add(a.seconds[i], a.values[i]);
      of_b.add(b.seconds[i], b.values[i]);
    }
    for (std::size_t i = common; i < a.count; ++i) of_a.add(a.seconds[i], a.values[i]);
    for (std::size_t i = common; i < b.count; ++i) of_b.add(b.seconds[i], b.values[i]);
    a.sums = of_a;
    b.sums = of_b;
  }

  /// The same as fit(), which is asked where there are infinite numbers or none.
  void put(const Values& window, const FloatWindows& windows, const Samples& samples, const RangeCall& call, Row& row) {
    const double y = window.sums.sum[0] + window.sums.lost[0];
    const double xy = window.sums.sum[1] + window.sums.lost[1];
    const double* const end = window.values + window.count;
    Line line;
    if (!std::isfinite(y) || !std::isfinite(xy)) {
      const Window whole = window_at(windows, samples, call, window.step);
      line = fit(whole, zero_of(whole, call));
    } else if (std::all_of(window.values, end, [&window](double value) { return value == window.values[0]; })) {
      line = {0, window.values[0]};
    } else {
      const double x = windows.of_times[0][window.step];
      const auto n = static_cast<double>(window.count);
      line.slope = (xy - x * y / n) / windows.of_times[1][window.step];
      line.intercept = y / n - line.slope * x / n;
    }
    row.values[window.step] = result(line, call, window.step);
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
