// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/generated_price.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr double seconds_per_hour = 3600;
constexpr double trend_memory_seconds = 8;
constexpr double shock_memory_seconds = 3;

/// Of calm, normal and storm, as multiples of the settings.
constexpr std::array<double, 3> volatility_of = {0.5, 1.0, 2.5};
constexpr std::array<double, 3> activity_of = {0.5, 1.0, 2.5};
constexpr std::array<double, 3> ticks_of = {1, 1, 3};

/// A market calms down step by step and a storm comes out of a normal market more often than out of a calm one:
/// the chance of each regime after this one.
constexpr std::array<std::array<double, 3>, 3> regime_after = {{{0, 0.9, 0.1}, {0.6, 0, 0.4}, {0.15, 0.85, 0}}};

/// A believable price to begin with; an unknown symbol begins at 100.
double start_price(std::string_view symbol) {
  constexpr std::array<std::pair<std::string_view, double>, 6> known = {
      {{"BTC", 61800}, {"ETH", 2680}, {"SOL", 158}, {"AVAX", 22.6}, {"ATOM", 4.7}, {"BNB", 515}}};
  const auto* const found = std::find_if(known.begin(), known.end(), [&](const auto& entry) {
    return symbol.substr(0, entry.first.size()) == entry.first;
  });
  return found == known.end() ? 100 : found->second;
}

}  // namespace

std::uint64_t hash_of(const std::string& text) noexcept {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

GeneratedFactor::GeneratedFactor(std::uint64_t seed, double regime_seconds)
    : random_(seed ^ hash_of("the market")),
      regime_seconds_(std::max(regime_seconds, 1e-3)),
      regime_ends_(random_.exponential(regime_seconds_)) {}

void GeneratedFactor::next_regime() {
  const auto& chances = regime_after[static_cast<std::size_t>(regime_)];
  const double drawn = random_.uniform();
  if (drawn < chances[0]) {
    regime_ = GeneratedRegime::calm;
  } else if (drawn < chances[0] + chances[1]) {
    regime_ = GeneratedRegime::normal;
  } else {
    regime_ = GeneratedRegime::storm;
  }
  regime_ends_ += random_.exponential(regime_seconds_);
}

double GeneratedFactor::advance_to(double seconds) {
  double moved = 0;
  while (std::min(next_step_, regime_ends_) <= seconds) {
    if (regime_ends_ < next_step_) {
      next_regime();
    } else {
      moved += random_.normal() * volatility_of[static_cast<std::size_t>(regime_)];
      next_step_ += 1;
    }
  }
  return moved;
}

GeneratedPrice::GeneratedPrice(const std::string& symbol, std::uint64_t seed, Settings settings)
    : settings_(settings),
      factor_(seed, settings.regime_seconds),
      own_weight_(std::sqrt(1 - std::clamp(settings.market_weight, 0.0, 1.0))),
      factor_weight_(std::sqrt(std::clamp(settings.market_weight, 0.0, 1.0))),
      price_(start_price(symbol)),
      tick_(std::pow(10, std::floor(std::log10(price_)) - 5)) {}

void GeneratedPrice::advance(double now, double seconds, SeededRandom& random) {
  const double common = factor_.advance_to(now);
  const double noise = random.normal() * std::sqrt(seconds);
  trend_ += -trend_ * std::min(1.0, seconds / trend_memory_seconds) + 0.3 * noise;
  const double regime = volatility_of[static_cast<std::size_t>(factor_.regime())];
  double move =
      settings_.volatility * (regime * (own_weight_ * noise + 0.2 * trend_ * seconds) + factor_weight_ * common);
  shock_ -= shock_ * std::min(1.0, seconds / shock_memory_seconds);
  if (random.uniform() < settings_.jumps_per_hour * seconds / seconds_per_hour) {
    move += (random.uniform() < 0.5 ? -1 : 1) * (0.001 + 0.004 * random.uniform());
    shock_ = 10;
  }
  // However long it runs, a price stays one: far from where numbers end.
  price_ = std::clamp(price_ * std::exp(move), 100 * tick_, 1e9 * tick_);
}

double GeneratedPrice::bid() const noexcept {
  return std::round(price_ / tick_) * tick_;
}

double GeneratedPrice::spread() const noexcept {
  return tick_ * (ticks_of[static_cast<std::size_t>(regime())] + std::floor(shock_));
}

double GeneratedPrice::activity() const noexcept {
  return activity_of[static_cast<std::size_t>(regime())] * (shock_ > 1 ? 2 : 1);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
