// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The book against a slow reference that keeps nothing but the events and replays them all, each time it is asked.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "paper/portfolio/book.hpp"

namespace bellwether::paper {
namespace {

constexpr std::size_t symbols = 4;
constexpr BotIndex bots = 7;
constexpr StrategyIndex strategies = 3;

/// Quantities in thousandths, as integers: flat is exactly flat.
struct Event {
  enum class Kind { fill, mark, split, day } kind = Kind::fill;
  Fill fill{};
  std::int64_t thousandths = 0;  // signed
  SymbolIndex symbol = 0;
  double bid = 0;
  double ask = 0;
  int factor = 1;
};

/// A position by the cost of its shares. Turning round is done in two steps: first flat, then the rest.
struct Reference {
  std::int64_t thousandths = 0;
  long double cost = 0;
  long double realized = 0;
  long double trip = 0;
  std::vector<long double> trips;

  void fill(std::int64_t change, long double price, long double fee) {
    const bool turns =
        thousandths != 0 && (thousandths > 0) != (change > 0) && std::abs(change) > std::abs(thousandths);
    if (turns) {
      const std::int64_t to_flat = -thousandths;
      const long double part = fee * static_cast<long double>(to_flat) / static_cast<long double>(change);
      fill(to_flat, price, part);
      fill(change - to_flat, price, fee - part);
      return;
    }
    realized -= fee;
    trip -= fee;
    const long double amount = static_cast<long double>(change) / 1000;
    if (thousandths == 0 || (thousandths > 0) == (change > 0)) {
      cost += amount * price;
    } else {
      const long double share = -static_cast<long double>(change) / static_cast<long double>(thousandths);
      const long double gain = share * (static_cast<long double>(thousandths) / 1000 * price - cost);
      realized += gain;
      trip += gain;
      cost *= 1 - share;
    }
    thousandths += change;
    if (thousandths != 0) return;
    cost = 0;
    trips.push_back(trip);
    trip = 0;
  }
};

struct World {
  long double cash = 10'000'000;
  long double realized_today = 0;
  long double day_start = 10'000'000;
  std::vector<Reference> accounts{symbols};
  std::vector<double> marks = std::vector<double>(symbols, 0);
  std::map<std::pair<BotIndex, std::pair<StrategyIndex, SymbolIndex>>, Reference> legs;

  long double equity() const {
    long double equity = cash;
    for (std::size_t i = 0; i < symbols; ++i)
      equity += static_cast<long double>(accounts[i].thousandths) / 1000 * marks[i];
    return equity;
  }

  void apply(const Event& event) {
    switch (event.kind) {
      case Event::Kind::fill: {
        const Fill& fill = event.fill;
        cash -= static_cast<long double>(event.thousandths) / 1000 * fill.price + fill.fee;
        if (marks[fill.symbol] == 0) marks[fill.symbol] = fill.price;
        const long double before = accounts[fill.symbol].realized;
        accounts[fill.symbol].fill(event.thousandths, fill.price, fill.fee);
        realized_today += accounts[fill.symbol].realized - before;
        legs[{fill.bot, {fill.strategy, fill.symbol}}].fill(event.thousandths, fill.price, fill.fee);
        break;
      }
      case Event::Kind::mark:
        marks[event.symbol] = (event.bid + event.ask) / 2;
        break;
      case Event::Kind::split:
        accounts[event.symbol].thousandths *= event.factor;
        marks[event.symbol] /= event.factor;
        for (auto& [key, leg] : legs) {
          if (key.second.second == event.symbol) leg.thousandths *= event.factor;
        }
        break;
      case Event::Kind::day:
        realized_today = 0;
        day_start = equity();
        break;
    }
  }
};

World replayed(const std::vector<Event>& events) {
  World world;
  for (const Event& event : events) world.apply(event);
  return world;
}

class RandomDesk {
 public:
  RandomDesk(std::uint64_t seed, int steps_a_split) : random_(seed), steps_a_split_(steps_a_split) {}

  void step() {
    const int dice = pick(1'000);
    if (pick(steps_a_split_) == 0) {
      split();
    } else if (dice < 550) {
      fill(any_change());
    } else if (dice < 600) {
      close_one();
    } else if (dice < 997) {
      mark();
    } else {
      enter_day();
    }
  }

  /// Cheap, after each step: cash and quantities added up as the fills come.
  void expect_equity() const {
    double equity = cash_;
    for (SymbolIndex i = 0; i < symbols; ++i) equity += static_cast<double>(held_[i]) / 1000 * book_.mark_of(i);
    ASSERT_NEAR(book_.equity(), equity, 1e-8 * std::abs(equity) + 1e-4);
    ASSERT_NEAR(book_.pnl().total(), book_.equity() - 10'000'000, 1e-3);
  }

  void expect_reference() const {
    const World world = replayed(events_);
    const auto near = [](double ours, long double theirs, const char* what) {
      EXPECT_NEAR(ours, static_cast<double>(theirs), 1e-8 * std::abs(static_cast<double>(theirs)) + 1e-3) << what;
    };
    near(book_.cash(), world.cash, "cash");
    near(book_.equity(), world.equity(), "equity");
    near(book_.realized_today(), world.realized_today, "realised today");
    near(book_.day_start_equity(), world.day_start, "day start");
    int open = 0;
    for (SymbolIndex i = 0; i < symbols; ++i) {
      const Reference& account = world.accounts[i];
      open += account.thousandths != 0 ? 1 : 0;
      near(book_.position(i).quantity(), static_cast<long double>(account.thousandths) / 1000, "quantity");
      near(book_.position(i).realized(), account.realized, "realised");
      if (account.thousandths != 0) {
        near(book_.position(i).average_price(), account.cost * 1000 / static_cast<long double>(account.thousandths),
             "average price");
      }
    }
    EXPECT_EQ(book_.positions_open(), open);
    expect_legs(world);
  }

  std::size_t fills() const { return fills_; }
  const PositionBook& book() const { return book_; }

 private:
  void expect_legs(const World& world) const {
    std::uint64_t closed = 0;
    long double net = 0;
    std::vector<long double> of_bots(bots, 0);
    std::vector<long double> of_strategies(strategies, 0);
    std::vector<int> open(symbols, 0);
    for (const auto& [key, leg] : world.legs) {
      const SymbolIndex symbol = key.second.second;
      const long double total =
          leg.realized + static_cast<long double>(leg.thousandths) / 1000 * world.marks[symbol] - leg.cost;
      of_bots[key.first] += total;
      of_strategies[key.second.first] += total;
      open[symbol] += leg.thousandths != 0 ? 1 : 0;
      closed += leg.trips.size();
      for (const long double each : leg.trips) net += each;
    }
    for (BotIndex i = 0; i < bots; ++i) {
      EXPECT_NEAR(book_.pnl_of_bot(i).total(), static_cast<double>(of_bots[i]), 1e-3);
    }
    for (StrategyIndex i = 0; i < strategies; ++i) {
      EXPECT_NEAR(book_.pnl_of_strategy(i).total(), static_cast<double>(of_strategies[i]), 1e-3);
    }
    for (SymbolIndex i = 0; i < symbols; ++i) EXPECT_EQ(book_.bots_open(i), open[i]);
    EXPECT_EQ(book_.round_trips().closed(), closed);
    EXPECT_NEAR(book_.round_trips().net(), static_cast<double>(net), 1e-3);
  }

  int pick(int below) { return static_cast<int>(random_() % static_cast<std::uint64_t>(below)); }

  std::int64_t any_change() { return (pick(2) == 0 ? 1 : -1) * (1 + pick(pick(10) == 0 ? 5'000 : 50)); }

  void fill(std::int64_t thousandths) {
    if (thousandths == 0) return;
    const auto bot = static_cast<BotIndex>(pick(bots));
    fill(bot, bot % strategies, static_cast<SymbolIndex>(pick(symbols)), thousandths);
  }

  void fill(BotIndex bot, StrategyIndex strategy, SymbolIndex symbol, std::int64_t thousandths) {
    Event event{.kind = Event::Kind::fill, .thousandths = thousandths};
    event.fill = {.order = ++fills_,
                  .bot = bot,
                  .strategy = strategy,
                  .symbol = symbol,
                  .side = thousandths > 0 ? OrderSide::buy : OrderSide::sell,
                  .quantity = static_cast<double>(std::abs(thousandths)) / 1000,
                  .price = prices_[symbol] * (1 + 0.001 * (pick(3) - 1)),
                  .fee = 0.01 * (pick(5) - 1)};
    ASSERT_TRUE(book_.apply(event.fill));
    cash_ -= event.fill.signed_quantity() * event.fill.price + event.fill.fee;
    held_[symbol] += thousandths;
    legs_[{bot, symbol}] += thousandths;
    events_.push_back(event);
  }

  /// Exactly what a bot holds, in the other direction.
  void close_one() {
    if (legs_.empty()) return;
    auto each = legs_.begin();
    std::advance(each, pick(static_cast<int>(legs_.size())));
    if (each->second != 0) fill(each->first.first, each->first.first % strategies, each->first.second, -each->second);
  }

  void mark() {
    Event event{.kind = Event::Kind::mark, .symbol = static_cast<SymbolIndex>(pick(symbols))};
    double& price = prices_[event.symbol];
    price = std::clamp(price * (1 + 0.002 * (pick(11) - 5)), 1.0, 1'000.0);
    event.bid = price;
    event.ask = price * (pick(2) == 0 ? 1 : 1.0005);
    ASSERT_TRUE(book_.mark(event.symbol, event.bid, event.ask));
    events_.push_back(event);
  }

  void enter_day() {
    ASSERT_TRUE(book_.enter_day({.number = ++day_}));
    events_.push_back({.kind = Event::Kind::day});
  }

  void split() {
    const Event event{.kind = Event::Kind::split, .symbol = static_cast<SymbolIndex>(pick(symbols)), .factor = 2};
    const double before = book_.equity();
    ASSERT_TRUE(book_.apply_split(event.symbol, event.factor));
    ASSERT_NEAR(book_.equity(), before, 1e-6);
    held_[event.symbol] *= event.factor;
    for (auto& [key, quantity] : legs_) {
      if (key.second == event.symbol) quantity *= event.factor;
    }
    events_.push_back(event);
  }

  std::mt19937_64 random_;
  int steps_a_split_;
  PositionBook book_ = [] {
    PositionBook book{symbols, 10'000'000};
    book.enter_day({.number = 0});
    return book;
  }();
  std::vector<double> prices_{100, 20, 300, 5};
  std::vector<std::int64_t> held_ = std::vector<std::int64_t>(symbols, 0);
  std::map<std::pair<BotIndex, SymbolIndex>, std::int64_t> legs_;
  double cash_ = 10'000'000;
  std::uint64_t fills_ = 0;
  std::int64_t day_ = 0;
  std::vector<Event> events_;
};

TEST(PositionBookAgainstReference, AgreesOverAHundredThousandFills) {
  RandomDesk desk{20'240'808, 20'000};  // each split doubles old rounding errors, too: as few as a life has
  std::size_t next_replay = 100;
  while (desk.fills() < 100'000) {
    desk.step();
    desk.expect_equity();
    if (desk.fills() >= next_replay) {
      desk.expect_reference();
      next_replay += next_replay < 5'000 ? 250 : 10'000;
    }
    if (testing::Test::HasFailure()) FAIL() << "after fill " << desk.fills();
  }
  desk.expect_reference();
  EXPECT_GT(desk.book().round_trips().closed(), 10'000U);
}

TEST(PositionBookAgainstReference, AgreesForManyShortLives) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    RandomDesk desk{seed, 100};
    for (int i = 0; i < 300; ++i) {
      desk.step();
      desk.expect_equity();
    }
    desk.expect_reference();
    if (testing::Test::HasFailure()) FAIL() << "seed " << seed;
  }
}

}  // namespace
}  // namespace bellwether::paper
