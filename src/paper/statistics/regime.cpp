// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/statistics/regime.hpp"

#include <algorithm>
#include <bellwether/result.hpp>
#include <cmath>
#include <string>

#include "paper/statistics/moments.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

RegimeSettings checked(const RegimeSettings& settings) {
  const char* problem = nullptr;
  if (settings.samples < 2 || settings.history < 2) problem = "samples and history must be 2 or more";
  if (settings.minimum_history < 1 || settings.minimum_history > settings.history) {
    problem = "minimum_history must be 1 or more and at most history";
  }
  if (!(settings.calm_below > 0 && settings.calm_below <= settings.storm_from && settings.storm_from < 1)) {
    problem = "thresholds must be 0 < calm_below <= storm_from < 1, e.g. 0.5 and 0.9";
  }
  for (const ExposureLimits& each : settings.limits) {
    if (!(each.gross > 0 && each.net > 0 && std::isfinite(each.gross) && std::isfinite(each.net))) {
      problem = "exposure limits must be finite and above 0";
    }
  }
  if (problem != nullptr) throw Exception(Error{std::string("regime: ") + problem});
  return settings;
}

}  // namespace

std::string_view name(Regime regime) noexcept {
  constexpr std::array<std::string_view, 3> names{"Calm", "Normal", "Storm"};
  return names[static_cast<std::size_t>(regime)];
}

RegimeClassifier::RegimeClassifier(const RegimeSettings& settings)
    : settings_(checked(settings)), returns_(settings.samples), volatilities_(settings.history) {
  sorted_.reserve(settings.history + 1);
}

bool RegimeClassifier::close_period(double price) {
  if (!std::isfinite(price) || price <= 0) return false;
  const double before = last_price_;
  last_price_ = price;
  if (before == 0) return true;
  returns_.add(price / before - 1);
  if (!returns_.full()) return true;
  if (const auto deviation = sample_deviation(returns_.all())) classify(*deviation);
  return true;
}

void RegimeClassifier::classify(double volatility) {
  if (volatilities_.full()) {
    sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), volatilities_.all().front()));
  }
  volatilities_.add(volatility);
  sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), volatility), volatility);
  if (sorted_.size() < settings_.minimum_history) return;

  const auto [first, last] = std::equal_range(sorted_.begin(), sorted_.end(), volatility);
  const auto below = static_cast<double>(first - sorted_.begin());
  const auto equal = static_cast<double>(last - first);
  percentile_ = (below + equal / 2) / static_cast<double>(sorted_.size());
  if (*percentile_ < settings_.calm_below) {
    regime_ = Regime::calm;
  } else {
    regime_ = *percentile_ < settings_.storm_from ? Regime::normal : Regime::storm;
  }
}

ExposureLimits RegimeClassifier::limits() const noexcept {
  return settings_.limits[static_cast<std::size_t>(regime_.value_or(Regime::normal))];
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
