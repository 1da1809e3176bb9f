// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/statistics/risk_measures.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "paper/statistics/moments.hpp"
#include "paper/statistics/spread.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

std::optional<TailRisk> tail_risk(std::span<const double> returns, double tail) {
  if (!(tail > 0 && tail < 1) || !mean(returns)) return std::nullopt;
  const double share = tail * static_cast<double>(returns.size());
  // 0.05 * 20 must be one return, though it may round to a little more.
  const auto in_tail = static_cast<std::ptrdiff_t>(std::ceil(share * (1 - 1e-12)));
  std::vector<double> sorted(returns.begin(), returns.end());
  const auto tail_end = sorted.begin() + in_tail;
  std::partial_sort(sorted.begin(), tail_end, sorted.end());
  double sum = 0;
  for (auto each = sorted.begin(); each != tail_end; ++each) sum += *each;
  return TailRisk{-*(tail_end - 1), -sum / static_cast<double>(in_tail)};
}

std::optional<double> volatility(std::span<const double> returns, double periods_a_year) {
  if (!(periods_a_year > 0) || !std::isfinite(periods_a_year)) return std::nullopt;
  const auto deviation = sample_deviation(returns);
  if (!deviation) return std::nullopt;
  return *deviation * std::sqrt(periods_a_year);
}

std::optional<double> beta(std::span<const double> returns, std::span<const double> benchmark_returns) {
  if (returns.size() != benchmark_returns.size() || returns.size() < 2) return std::nullopt;
  const auto own = spread_of(returns);
  const auto market = spread_of(benchmark_returns);
  if (!own || !market || market->is_constant()) return std::nullopt;
  const double slope = joint_spread(returns, *own, benchmark_returns, *market) / market->squares;
  if (!std::isfinite(slope)) return std::nullopt;
  return slope;
}

bool Drawdown::add(double value) {
  if (!std::isfinite(value) || (peak_ <= 0 && value <= 0)) return false;
  peak_ = std::max(peak_, value);
  current_ = 1 - value / peak_;
  if (!std::isfinite(current_)) current_ = historical_;  // a peak next to 0; nothing that a figure could say
  historical_ = std::max(historical_, current_);
  return true;
}

void Drawdown::restart_from(double value) {
  if (!std::isfinite(value) || value <= 0) return;
  peak_ = value;
  current_ = 0;
}

std::optional<double> Drawdown::current() const {
  return peak_ > 0 ? std::optional{current_} : std::nullopt;
}
std::optional<double> Drawdown::historical() const {
  return peak_ > 0 ? std::optional{historical_} : std::nullopt;
}
std::optional<double> Drawdown::peak() const {
  return peak_ > 0 ? std::optional{peak_} : std::nullopt;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
