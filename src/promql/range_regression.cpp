// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <memory>

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

class Derivative final : public RangeFunction {
 public:
  void evaluate(const Window& window, const RangeCall& call, Row& row) override {
    if (!has_two_floats(window, call)) return;
    row.set(window.step, fit(window, window.samples->times[window.begin]).slope);
  }
};

class Prediction final : public RangeFunction {
 public:
  void evaluate(const Window& window, const RangeCall& call, Row& row) override {
    if (!has_two_floats(window, call)) return;
    const Line line = fit(window, call.evaluator_steps.at(window.step));
    row.set(window.step, line.slope * call.first_scalar[window.step] + line.intercept);
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
