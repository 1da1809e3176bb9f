// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/statistics/correlation_monitor.hpp"

#include <algorithm>
#include <bellwether/result.hpp>
#include <cmath>
#include <string>

#include "paper/statistics/moments.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

CorrelationSettings checked(const CorrelationSettings& settings) {
  const char* problem = nullptr;
  if (settings.short_samples < 3 || settings.short_samples >= settings.long_samples) {
    problem = "windows must be 3 <= short_samples < long_samples, e.g. 20 and 90";
  }
  if (!(settings.repaired_below > 0 && settings.repaired_below <= settings.breakdown_from &&
        settings.breakdown_from < 2)) {
    problem = "thresholds must be 0 < repaired_below <= breakdown_from < 2, e.g. 0.3 and 0.6";
  }
  if (problem != nullptr) throw Exception(Error{std::string("correlation monitor: ") + problem});
  return settings;
}

bool is_price(double value) {
  return std::isfinite(value) && value > 0;
}

}  // namespace

CorrelationMonitor::CorrelationMonitor(std::size_t symbols, const CorrelationSettings& settings)
    : settings_(checked(settings)),
      returns_(symbols, RollingWindow{settings.long_samples}),
      broken_(symbols * symbols, false) {}

std::span<const CorrelationBreakdown> CorrelationMonitor::close_period(std::span<const double> prices) {
  begun_.clear();
  if (prices.size() != returns_.size() || !std::all_of(prices.begin(), prices.end(), is_price)) return begun_;
  if (!last_prices_.empty()) {
    for (std::size_t i = 0; i < prices.size(); ++i) returns_[i].add(prices[i] / last_prices_[i] - 1);
  }
  last_prices_.assign(prices.begin(), prices.end());
  const auto symbols = static_cast<SymbolIndex>(returns_.size());
  for (SymbolIndex first = 0; first < symbols; ++first) {
    for (SymbolIndex second = first + 1; second < symbols; ++second) judge(first, second, first * symbols + second);
  }
  breakdowns_ += begun_.size();
  return begun_;
}

void CorrelationMonitor::judge(SymbolIndex first, SymbolIndex second, std::size_t pair) {
  if (!returns_[first].full()) return;
  const auto usual = correlation(returns_[first].all(), returns_[second].all());
  const auto present =
      correlation(returns_[first].newest(settings_.short_samples), returns_[second].newest(settings_.short_samples));
  if (!usual || !present) return;
  const double distance = std::abs(*present - *usual);
  if (broken_[pair]) {
    broken_[pair] = distance >= settings_.repaired_below;
  } else if (distance >= settings_.breakdown_from) {
    broken_[pair] = true;
    begun_.push_back({first, second, *usual, *present});
  }
}

std::optional<double> CorrelationMonitor::correlation_of(SymbolIndex first, SymbolIndex second) const {
  const auto of_first = returns_of(first);
  const auto of_second = returns_of(second);
  if (of_first.size() < settings_.short_samples) return std::nullopt;
  return correlation(of_first, of_second);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
