// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/validator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

/// One absurd id must not make us refuse all that follow.
constexpr int refusals_that_convince = 10;

}  // namespace

Validator::Validator(std::size_t symbols, InputFaults& faults) : last_(symbols), faults_(faults) {}

void Validator::restart() {
  std::fill(last_.begin(), last_.end(), Sequence{});
}

/// `expected` is the id that this event must begin with; 0 where it may be any above the last.
bool Validator::follows(const MarketEvent& event, const char* stream, std::int64_t expected, std::int64_t& last) {
  const std::int64_t before = last;
  if (event.last_id <= before) {
    faults_.report(event.symbol, InputFault::out_of_order,
                   [&] { return fmt::format("{} id {} comes after {}", stream, event.last_id, before); });
    return false;
  }
  last = event.last_id;
  if (before != 0 && expected != 0 && event.first_id != expected) {
    faults_.report(event.symbol, InputFault::sequence_gap, [&] {
      return fmt::format("{} id {} follows {}, expected {}", stream, event.first_id, before, expected);
    });
  }
  return true;
}

bool Validator::in_order(const MarketEvent& event, Sequence& last) {
  if (event.local_time < last.local_time) {
    faults_.report(event.symbol, InputFault::out_of_order, [&] {
      return fmt::format("local time {} ns comes after {} ns", event.local_time, last.local_time);
    });
    return false;
  }
  last.local_time = event.local_time;
  switch (event.kind) {
    case EventKind::trade:
      return follows(event, "trade", last.trade + 1, last.trade);
    case EventKind::book_ticker:
      return follows(event, "book ticker", 0, last.quote);
    case EventKind::depth_update: {
      // Perpetuals name the end of the update before; ranges of ids may have holes there without a message missing.
      const bool chained = event.previous_last_id != 0;
      const bool unbroken = chained ? event.previous_last_id == last.depth : event.first_id == last.depth + 1;
      return follows(event, "depth", unbroken ? event.first_id : last.depth + 1, last.depth);
    }
    case EventKind::snapshot:
      return true;
  }
  return false;
}

bool Validator::quotes_are_sane(const MarketEvent& event) {
  const auto positive = [](double x) { return std::isfinite(x) && x > 0; };
  const auto not_negative = [](double x) { return std::isfinite(x) && x >= 0; };
  bool sane = true;
  if (event.kind == EventKind::trade) {
    sane = positive(event.price) && positive(event.quantity);
  } else if (event.kind == EventKind::book_ticker) {
    sane = positive(event.bid) && positive(event.ask) && event.bid <= event.ask && not_negative(event.bid_quantity) &&
           not_negative(event.ask_quantity);
  }
  if (!sane) {
    faults_.report(event.symbol, InputFault::bad_quote, [&] {
      return event.kind == EventKind::trade ? fmt::format("trade of {} at {}", event.quantity, event.price)
                                            : fmt::format("bid {} ask {}", event.bid, event.ask);
    });
  }
  return sane;
}

std::optional<std::chrono::nanoseconds> Validator::lag_of(const MarketEvent& event) {
  if (event.exchange_time == 0) return std::nullopt;
  const std::chrono::nanoseconds lag{event.local_time - event.exchange_time};
  if (lag.count() >= 0) return lag;
  faults_.report(event.symbol, InputFault::negative_lag, [&] {
    return fmt::format("the exchange's clock is {:.3f} s ahead of the feed's, lag cannot be measured",
                       -std::chrono::duration<double>(lag).count());
  });
  return std::nullopt;
}

Verdict Validator::check(const MarketEvent& event) {
  Verdict verdict;
  Sequence& last = last_.at(event.symbol);
  bool ordered = in_order(event, last);
  if (!ordered && ++last.refused_in_a_row >= refusals_that_convince) {
    last = Sequence{};
    ordered = in_order(event, last);
  } else if (ordered) {
    last.refused_in_a_row = 0;
  }
  verdict.usable = ordered && quotes_are_sane(event);
  if (verdict.usable) verdict.lag = lag_of(event);
  return verdict;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
