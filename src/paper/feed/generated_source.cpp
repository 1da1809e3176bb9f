// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/generated_source.hpp"

#include <algorithm>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr double seconds_per_hour = 3600;
/// A trade stream may be silent for so long (market.cpp); a silence that nobody sees would be none.
constexpr double shortest_silence = 32;

/// Whatever is asked for, time goes on in steps that can be counted; NaN fails both comparisons.
double within(double value, double least, double most) {
  return value > least ? (value < most ? value : most) : least;
}

GeneratorSettings sane(GeneratorSettings settings) {
  constexpr double most = 1e6;
  for (double* rate : {&settings.trades_per_second, &settings.quotes_per_second, &settings.depth_updates_per_second}) {
    *rate = within(*rate, 0.01, most);
  }
  for (double* often : {&settings.gaps_per_hour, &settings.silences_per_hour, &settings.clock_steps_per_hour,
                        &settings.crossed_quotes_per_hour, &settings.jumps_per_hour}) {
    *often = within(*often, 0, most);
  }
  settings.volatility = within(settings.volatility, 0, 0.1);
  settings.regime_seconds = within(settings.regime_seconds, 0.1, 1e9);
  settings.market_weight = within(settings.market_weight, 0, 1);
  settings.lag_milliseconds = within(settings.lag_milliseconds, 0, most);
  settings.silence_seconds = within(settings.silence_seconds, 0, most);
  return settings;
}

}  // namespace

GeneratedSource::GeneratedSource(SymbolIndex symbol, const std::string& name, std::uint64_t seed, SimTime start,
                                 GeneratorSettings settings)
    : symbol_(symbol),
      settings_(sane(settings)),
      random_(seed ^ hash_of(name)),
      price_(name, seed,
             {settings_.volatility, settings_.regime_seconds, settings_.jumps_per_hour, settings_.market_weight}),
      trades_(settings.arrivals == GeneratorSettings::Arrivals::hawkes ? settings.branching : 0,
              settings.decay_seconds),
      start_(start),
      last_time_(start) {
  next_trade_ = trades_.next(settings_.trades_per_second, random_);
  next_book_ = random_.exponential(1 / (settings_.quotes_per_second + settings_.depth_updates_per_second));
}

bool GeneratedSource::happens(double per_hour, double seconds) {
  return random_.uniform() < per_hour * seconds / seconds_per_hour;
}

void GeneratedSource::go_wrong(double seconds) {
  const double per_hour = settings_.gaps_per_hour + settings_.silences_per_hour + settings_.clock_steps_per_hour +
                          settings_.crossed_quotes_per_hour;
  if (!happens(per_hour, seconds)) return;
  double which = random_.uniform() * per_hour;
  if ((which -= settings_.gaps_per_hour) < 0) {
    const auto lost = 1 + static_cast<std::int64_t>(random_.uniform() * 20);
    if (random_.uniform() < 0.5) {
      trade_id_ += lost;
    } else {
      depth_id_ = book_id_ += lost;
    }
  } else if ((which -= settings_.silences_per_hour) < 0) {
    silent_stream_ = static_cast<Stream>(static_cast<int>(random_.uniform() * 3));
    silent_until_ = seconds_ + shortest_silence + random_.exponential(settings_.silence_seconds);
  } else if (which < settings_.clock_steps_per_hour) {
    skewed_messages_ = 5;
  } else {
    cross_next_ = true;
  }
}

bool GeneratedSource::silent(Stream stream) const noexcept {
  return stream == silent_stream_ && seconds_ < silent_until_;
}

void GeneratedSource::stamp(MarketEvent& event) {
  event = {};
  event.symbol = symbol_;
  event.local_time = last_time_;
  double lag = random_.exponential(settings_.lag_milliseconds);
  if (skewed_messages_ > 0) {
    --skewed_messages_;
    lag = -1270 + 10 * random_.normal();
  }
  event.exchange_time = last_time_ - static_cast<SimTime>(lag * static_cast<double>(nanoseconds_per_millisecond));
}

void GeneratedSource::make_trade(MarketEvent& event) {
  event.kind = EventKind::trade;
  event.first_id = event.last_id = ++trade_id_;
  event.buyer_is_maker = random_.uniform() > 0.5 + 0.25 * std::tanh(price_.trend());
  event.price = price_.bid() + (event.buyer_is_maker ? 0 : price_.spread());
  event.quantity = random_.exponential(0.05) + 1e-5;
}

void GeneratedSource::make_quote(MarketEvent& event) {
  event.kind = EventKind::book_ticker;
  event.first_id = event.last_id = ++book_id_;
  event.bid = price_.bid();
  event.ask = event.bid + price_.spread();
  if (cross_next_) {
    cross_next_ = false;
    event.bid = event.ask + price_.tick();
  }
  const double lean = 0.5 * std::tanh(price_.trend());
  event.bid_quantity = random_.exponential(3) * (1 + lean);
  event.ask_quantity = random_.exponential(3) * (1 - lean);
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
  const double book_rate = settings_.quotes_per_second + settings_.depth_updates_per_second;
  for (;;) {
    const bool trade = next_trade_ <= next_book_;
    const double now = trade ? next_trade_ : next_book_;
    const double seconds = now - seconds_;
    seconds_ = now;
    last_time_ = std::max(last_time_, start_ + static_cast<SimTime>(now * static_cast<double>(nanoseconds_per_second)));
    price_.advance(now, seconds, random_);
    go_wrong(seconds);

    Stream stream = Stream::trade;
    if (trade) {
      next_trade_ += trades_.next(settings_.trades_per_second * price_.activity(), random_);
    } else {
      stream = random_.uniform() * book_rate < settings_.quotes_per_second ? Stream::quote : Stream::depth;
      next_book_ += random_.exponential(1 / (book_rate * price_.activity()));
    }
    if (silent(stream)) continue;

    stamp(event);
    if (stream == Stream::trade) {
      make_trade(event);
    } else if (stream == Stream::quote) {
      make_quote(event);
    } else {
      make_depth(event);
    }
    return true;
  }
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
