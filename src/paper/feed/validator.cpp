// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/validator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

/// One absurd id or price must not make us refuse all that follow.
constexpr int refusals_that_convince = 10;

/// A trade this many times above or below the one before is an error of the feed, not of the market.
constexpr double farthest_trade = 3;
/// No split is as large: the history before is that of another instrument.
constexpr double farthest_bar = 30;

bool is_positive(double x) {
  return std::isfinite(x) && x > 0;
}
bool is_not_negative(double x) {
  return std::isfinite(x) && x >= 0;
}
bool near_to(double ratio, double to, double tolerance) {
  return std::abs(ratio / to - 1) <= tolerance;
}

/// Do the open and the close, each over the close before, look like a split? A split opens close to its ratio and the
/// day stays there; a day that opens far off and comes back had a bad opening print. A fall of 40 to 60 % that is not
/// near a half is a crash, as AIG's on 2008-09-15.
bool looks_like_split(double open, double close) {
  return (open > 1.4 && close > 1.3) || (open < 0.4 && close < 0.45) ||
         (near_to(open, 1.0 / 2, 0.06) && near_to(close, 1.0 / 2, 0.15)) ||
         (near_to(open, 2.0 / 3, 0.02) && near_to(close, 2.0 / 3, 0.05));
}

}  // namespace

Validator::Validator(std::size_t symbols, InputFaults& faults, FeedObserver* observer, bool may_split)
    : last_(symbols), faults_(faults), observer_(observer), may_split_(may_split) {}

void Validator::restart() {
  std::fill(last_.begin(), last_.end(), Last{});
}

/// `expected` is the id that this event must begin with; 0 where it may be any above the last.
bool Validator::follows(const MarketEvent& event, StreamKind stream, std::int64_t expected, std::int64_t& last) {
  const std::int64_t before = last;
  if (event.last_id <= before) {
    faults_.report(event.symbol, InputFault::out_of_order,
                   [&] { return fmt::format("{} id {} comes after {}", name(stream), event.last_id, before); });
    return false;
  }
  last = event.last_id;
  if (before != 0 && expected != 0 && event.first_id != expected) {
    faults_.report(event.symbol, InputFault::sequence_gap, [&] {
      return fmt::format("{} id {} follows {}, expected {}", name(stream), event.first_id, before, expected);
    });
    if (observer_ != nullptr) {
      // A range that overlaps the one before is a break too, though nothing can be said to be missing.
      const auto missing = static_cast<std::uint64_t>(std::max<std::int64_t>(event.first_id - expected, 1));
      observer_->on_gap(event.symbol, stream, missing);
      observer_->on_missing(event.symbol, stream, missing);
    }
  }
  return true;
}

bool Validator::bar_follows(const MarketEvent& event, SimTime& last) {
  if (event.local_time <= last) {
    faults_.report(event.symbol, InputFault::out_of_order,
                   [&] { return fmt::format("a bar of {} ns comes after {} ns", event.local_time, last); });
    return false;
  }
  last = event.local_time;
  return true;
}

bool Validator::in_order(const MarketEvent& event, Last& last) {
  if (event.local_time < last.local_time) {
    faults_.report(event.symbol, InputFault::out_of_order, [&] {
      return fmt::format("local time {} ns comes after {} ns", event.local_time, last.local_time);
    });
    return false;
  }
  last.local_time = event.local_time;
  switch (event.kind) {
    case EventKind::trade:
      return follows(event, StreamKind::trade, last.trade + 1, last.trade);
    case EventKind::book_ticker:
      return follows(event, StreamKind::book_ticker, 0, last.quote);
    case EventKind::depth_update: {
      // Perpetuals name the end of the update before; ranges of ids may have holes there without a message missing.
      const bool chained = event.previous_last_id != 0;
      const bool unbroken = chained ? event.previous_last_id == last.depth : event.first_id == last.depth + 1;
      return follows(event, StreamKind::depth, unbroken ? event.first_id : last.depth + 1, last.depth);
    }
    case EventKind::bar:
      return bar_follows(event, last.bar);
    case EventKind::quote_bar:
      return bar_follows(event, last.quote_bar);
    case EventKind::snapshot:
    case EventKind::split:
      return true;
  }
  return false;
}

bool Validator::trade_is_near(const MarketEvent& event, Last& last) {
  const bool near = last.price == 0 || (event.price < last.price * farthest_trade &&  //
                                        event.price > last.price / farthest_trade);
  if (!near && ++last.far_prices_in_a_row < refusals_that_convince) {
    faults_.report(event.symbol, InputFault::bad_price,
                   [&] { return fmt::format("trade at {} after one at {}", event.price, last.price); });
    return false;
  }
  last.far_prices_in_a_row = 0;
  last.price = event.price;
  return true;
}

void Validator::look_for_split(const MarketEvent& event, Last& last) {
  const double before = last.price;
  last.price = event.price;
  if (before == 0) return;
  const double ratio = event.price / before;
  if (ratio > farthest_bar || ratio < 1 / farthest_bar) {
    last.split_suspected = true;
    faults_.report(event.symbol, InputFault::bad_reference, [&] {
      return fmt::format("the bar closes at {} after {}: that is another instrument's history", event.price, before);
    });
  } else if (may_split_ && looks_like_split(event.open / before, ratio)) {
    last.split_suspected = true;
    faults_.report(event.symbol, InputFault::split, [&] {
      return fmt::format(
          "the bar opens at {} after {}, a ratio of {:.4f}, and stays there: a split without its factor?", event.open,
          before, event.open / before);
    });
  }
}

bool Validator::take_split(const MarketEvent& event, Last& last) {
  if (!is_positive(event.quantity)) {
    faults_.report(event.symbol, InputFault::bad_reference,
                   [&] { return fmt::format("a split into {} shares for one", event.quantity); });
    return false;
  }
  last.price /= event.quantity;
  last.split_suspected = false;
  if (observer_ != nullptr) observer_->on_split(event.symbol, event.quantity);
  return true;
}

bool Validator::prices_are_sane(const MarketEvent& event, Last& last) {
  if (event.kind == EventKind::split) return take_split(event, last);
  const bool trades = event.kind == EventKind::trade || event.kind == EventKind::bar;
  // A quote bar without either side is an empty book, and says that the stream is alive.
  const bool quotes = event.kind == EventKind::book_ticker || event.bid != 0 || event.ask != 0;
  // A bar without volume is a bar nonetheless; a trade of nothing is none.
  bool sane = !trades || (is_positive(event.price) && (event.kind == EventKind::bar ? is_not_negative(event.quantity)
                                                                                    : is_positive(event.quantity)));
  if (event.kind == EventKind::bar) sane = sane && is_positive(event.open);
  if (quotes) {
    sane = sane && is_positive(event.bid) && is_positive(event.ask) && is_not_negative(event.bid_quantity) &&
           is_not_negative(event.ask_quantity);
  }
  if (!sane) {
    faults_.report(event.symbol, InputFault::bad_price, [&] {
      return trades ? fmt::format("{} of {} at {}", name(event.kind), event.quantity, event.price)
                    : fmt::format("bid {} ask {}", event.bid, event.ask);
    });
    return false;
  }
  if (quotes) {
    last.crossed = event.bid > event.ask;
    if (last.crossed) {
      faults_.report(event.symbol, InputFault::crossed_book,
                     [&] { return fmt::format("bid {} above ask {}", event.bid, event.ask); });
      return false;
    }
  }
  if (event.kind == EventKind::trade) return trade_is_near(event, last);
  if (event.kind == EventKind::bar) look_for_split(event, last);
  return true;
}

std::optional<std::chrono::nanoseconds> Validator::lag_of(const MarketEvent& event) {
  if (event.exchange_time == 0) return std::nullopt;
  const std::chrono::nanoseconds lag{event.local_time - event.exchange_time};
  if (lag.count() >= 0) {
    if (observer_ != nullptr) observer_->on_lag(event.symbol, lag);
    return lag;
  }
  faults_.report(event.symbol, InputFault::negative_lag, [&] {
    return fmt::format("the exchange's clock is {:.3f} s ahead of the feed's, lag cannot be measured",
                       -std::chrono::duration<double>(lag).count());
  });
  if (observer_ != nullptr) observer_->on_negative_lag(event.symbol, -lag);
  return std::nullopt;
}

Verdict Validator::check(const MarketEvent& event) {
  Verdict verdict;
  Last& last = last_.at(event.symbol);
  bool ordered = in_order(event, last);
  if (!ordered && ++last.refused_in_a_row >= refusals_that_convince) {
    const bool suspected = last.split_suspected;
    last = Last{};
    last.split_suspected = suspected;
    ordered = in_order(event, last);
  } else if (ordered) {
    last.refused_in_a_row = 0;
  }
  verdict.usable = ordered && prices_are_sane(event, last);
  if (verdict.usable) verdict.lag = lag_of(event);
  return verdict;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
