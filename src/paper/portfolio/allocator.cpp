// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/portfolio/allocator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "paper/statistics/moments.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

AllocationSettings checked(const AllocationSettings& settings) {
  const char* problem = nullptr;
  if (settings.minimum_samples < 2) problem = "minimum_samples must be 2 or more";
  if (!(settings.largest_weight > 0 && settings.largest_weight <= 1)) {
    problem = "largest_weight must be above 0 and at most 1, e.g. 0.4";
  }
  if (settings.period <= 0) problem = "period must be above 0, e.g. a day";
  if (problem != nullptr) throw Exception(Error{std::string("allocator: ") + problem});
  return settings;
}

/// Shares in proportion to `sizes`, none above the cap. Each round caps one or more, so there are at most as many rounds
/// as symbols.
std::vector<double> capped_shares(const std::vector<double>& sizes, double cap) {
  std::vector<double> shares(sizes.size(), 0);
  std::vector<bool> capped(sizes.size(), false);
  double left = 1;
  for (bool again = true; again;) {
    double total = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) total += capped[i] ? 0 : sizes[i];
    again = false;
    const double to_share = left;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (capped[i]) continue;
      shares[i] = to_share * (sizes[i] / total);
      if (shares[i] <= cap) continue;
      shares[i] = cap;
      capped[i] = true;
      left = std::max(0.0, left - cap);
      again = true;
    }
  }
  return shares;
}

bool any_pair_moves_as_one(std::span<const std::span<const double>> returns) {
  for (std::size_t i = 0; i < returns.size(); ++i) {
    for (std::size_t j = i + 1; j < returns.size(); ++j) {
      const auto together = correlation(returns[i], returns[j]);
      if (together && std::abs(*together) > 1 - 1e-9) return true;
    }
  }
  return false;
}

}  // namespace

std::string_view name(AllocationFailure failure) noexcept {
  constexpr std::array<std::string_view, 3> names{"too_few_returns", "no_variance", "singular"};
  return names[static_cast<std::size_t>(failure)];
}

InverseVolatility inverse_volatility(std::span<const std::span<const double>> returns,
                                     const AllocationSettings& settings) {
  if (returns.empty()) return {.failure = AllocationFailure::too_few_returns};
  std::vector<double> inverses;
  for (const auto& each : returns) {
    if (each.size() < std::max<std::size_t>(settings.minimum_samples, 2) || each.size() != returns.front().size()) {
      return {.failure = AllocationFailure::too_few_returns};
    }
    const auto deviation = sample_deviation(each);
    if (!deviation || *deviation <= 0 || !std::isfinite(1 / *deviation)) {
      return {.failure = AllocationFailure::no_variance};
    }
    inverses.push_back(1 / *deviation);
  }
  if (any_pair_moves_as_one(returns)) return {.failure = AllocationFailure::singular};
  const double largest = *std::max_element(inverses.begin(), inverses.end());
  for (double& each : inverses) each /= largest;  // sums stay finite
  return {.weights = capped_shares(inverses, settings.largest_weight)};
}

Allocator::Allocator(std::size_t symbols, const AllocationSettings& settings)
    : settings_(checked(settings)),
      weights_(symbols, std::min(settings.largest_weight, 1 / static_cast<double>(std::max<std::size_t>(symbols, 1)))) {
}

bool Allocator::is_due(SimTime now) const noexcept {
  return !last_ || now < *last_ || now - *last_ >= settings_.period;
}

std::optional<AllocationFailure> Allocator::rebalance(SimTime now, std::span<const std::span<const double>> returns) {
  last_ = now;
  auto found = returns.size() == weights_.size() ? inverse_volatility(returns, settings_)
                                                 : InverseVolatility{.failure = AllocationFailure::too_few_returns};
  if (found.failure) {
    ++failures_;
    return found.failure;
  }
  weights_ = std::move(found.weights);
  ++rebalances_;
  return std::nullopt;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
