// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/generated_source.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr double seconds_per_hour = 3600;
constexpr double trend_memory_seconds = 8;

/// The activity and volatility of calm, normal and storm, as multiples of the settings.
constexpr std::array<double, 3> regimes = {0.5, 1.0, 2.5};

/// A believable price to begin with; an unknown symbol begins at 100.
double start_price(std::string_view symbol) {
  constexpr std::array<std::pair<std::string_view, double>, 6> known = {
      {{"BTC", 61800}, {"ETH", 2680}, {"SOL", 158}, {"AVAX", 22.6}, {"ATOM", 4.7}, {"BNB", 515}}};
  const auto* const found = std::find_if(known.begin(), known.end(), [&](const auto& entry) {
    return symbol.substr(0, entry.first.size()) == entry.first;
  });
  return found == known.end() ? 100 : found->second;
}

/// FNV-1a: the symbols of one seed must differ.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

}  // namespace

GeneratedSource::GeneratedSource(SymbolIndex symbol, const std::string& name, std::uint64_t seed, SimTime start,
                                 GeneratorSettings settings)
    : symbol_(symbol),
      settings_(settings),
      random_(seed ^ hash_of(name)),
      time_(start),
      price_(start_price(name)),
      tick_(std::pow(10, std::floor(std::log10(price_)) - 5)) {}

double GeneratedSource::uniform() {
  // 53 random bits as a fraction in [0, 1): std's distributions differ between libraries, this does not.
  return static_cast<double>(random_() >> 11) * 0x1p-53;
}

double GeneratedSource::exponential(double mean) {
  return -mean * std::log1p(-uniform());
}

double GeneratedSource::normal() {
  const double radius = std::sqrt(-2 * std::log1p(-uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

bool GeneratedSource::happens(double per_hour, double seconds) {
  return uniform() < per_hour * seconds / seconds_per_hour;
}

void GeneratedSource::change_regime(double seconds) {
  regime_left_ -= seconds;
  if (regime_left_ > 0) return;
  regime_ = regimes[static_cast<std::size_t>(uniform() * regimes.size())];
  regime_left_ = exponential(settings_.regime_seconds);
}

void GeneratedSource::move_price(double seconds) {
  const double noise = normal() * std::sqrt(seconds);
  trend_ += -trend_ * std::min(1.0, seconds / trend_memory_seconds) + 0.3 * noise;
  double move = settings_.volatility * regime_ * (noise + 0.2 * trend_ * seconds);
  if (happens(settings_.jumps_per_hour, seconds)) move += (uniform() < 0.5 ? -1 : 1) * (0.001 + 0.004 * uniform());
  price_ *= std::exp(move);
}

void GeneratedSource::lose_messages(double seconds) {
  if (!happens(settings_.gaps_per_hour, seconds)) return;
  const auto lost = 1 + static_cast<std::int64_t>(uniform() * 20);
  if (uniform() < 0.5) {
    trade_id_ += lost;
  } else {
    depth_id_ = book_id_ += lost;
  }
}

void GeneratedSource::stamp(MarketEvent& event) {
  event = {};
  event.symbol = symbol_;
  event.local_time = time_;
  double lag = exponential(settings_.lag_milliseconds);
  if (skewed_messages_ > 0) {
    --skewed_messages_;
    lag = -1270 + 10 * normal();
  }
  event.exchange_time = time_ - static_cast<SimTime>(lag * static_cast<double>(nanoseconds_per_millisecond));
}

void GeneratedSource::make_trade(MarketEvent& event) {
  event.kind = EventKind::trade;
  event.first_id = event.last_id = ++trade_id_;
  event.buyer_is_maker = uniform() > 0.5 + 0.25 * std::tanh(trend_);
  event.price = std::round(price_ / tick_) * tick_ + (event.buyer_is_maker ? 0 : tick_);
  event.quantity = exponential(0.05);
}

void GeneratedSource::make_quote(MarketEvent& event) {
  event.kind = EventKind::book_ticker;
  event.first_id = event.last_id = ++book_id_;
  event.bid = std::round(price_ / tick_) * tick_;
  event.ask = event.bid + tick_;
  const double lean = 0.5 * std::tanh(trend_);
  event.bid_quantity = exponential(3) * (1 + lean);
  event.ask_quantity = exponential(3) * (1 - lean);
}

void GeneratedSource::make_depth(MarketEvent& event) {
  // A depth update covers all that happened to the book since the one before.
  event.kind = EventKind::depth_update;
  event.previous_last_id = depth_id_;
  event.first_id = depth_id_ + 1;
  event.last_id = ++book_id_;
  depth_id_ = book_id_;
}

bool GeneratedSource::next(MarketEvent& event) {
  const double seconds = exponential(1 / (settings_.events_per_second * regime_));
  time_ += static_cast<SimTime>(seconds * static_cast<double>(nanoseconds_per_second));
  change_regime(seconds);
  move_price(seconds);
  lose_messages(seconds);
  if (happens(settings_.clock_steps_per_hour, seconds)) skewed_messages_ = 5;

  stamp(event);
  const double which = uniform();
  if (which < 0.2) {
    make_trade(event);
  } else if (which < 0.85) {
    make_quote(event);
  } else {
    make_depth(event);
  }
  return true;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
