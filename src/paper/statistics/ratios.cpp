// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/statistics/ratios.hpp"

#include <cmath>

#include "paper/statistics/moments.hpp"
#include "paper/statistics/spread.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

double normal_probability_below(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

}  // namespace

std::optional<double> sharpe_ratio(std::span<const double> returns, const SharpeSettings& settings) {
  if (settings.samples < 2 || returns.size() < settings.samples) return std::nullopt;
  if (!std::isfinite(settings.risk_free_rate) || !(settings.periods_a_year > 0) ||
      !std::isfinite(settings.periods_a_year)) {
    return std::nullopt;
  }
  const auto newest = returns.last(settings.samples);
  const auto spread = spread_of(newest);
  if (!spread || spread->is_constant()) return std::nullopt;
  const double deviation = std::sqrt(spread->squares / static_cast<double>(spread->count - 1));
  const double excess = spread->mean - settings.risk_free_rate / settings.periods_a_year;
  return excess / deviation * std::sqrt(settings.periods_a_year);
}

std::optional<double> probabilistic_sharpe_ratio(std::span<const double> returns, double benchmark) {
  if (returns.size() < 3 || !std::isfinite(benchmark)) return std::nullopt;
  const auto ratio = sharpe_ratio(returns, {.samples = returns.size(), .periods_a_year = 1});
  const auto shape = shape_of(returns);
  if (!ratio || !shape) return std::nullopt;
  const double variance = 1 - shape->skewness * *ratio + (shape->kurtosis - 1) / 4 * *ratio * *ratio;
  if (!(variance > 0) || !std::isfinite(variance)) return std::nullopt;
  const double length = static_cast<double>(returns.size() - 1);
  return normal_probability_below((*ratio - benchmark) * std::sqrt(length) / std::sqrt(variance));
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
