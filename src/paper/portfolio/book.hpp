// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/kill_guard.hpp>
#include <bellwether/result.hpp>
#include <cstddef>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "paper/orders/order.hpp"
#include "paper/portfolio/position.hpp"
#include "paper/portfolio/trading_day.hpp"
#include "paper/statistics/round_trips.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Money in quote currency, net of fees. The total does not depend on who closed whose position; how it is parted into
/// realised and unrealised does.
struct Pnl {
  double realized = 0;
  double unrealized = 0;
  double fees = 0;  ///< already taken off

  double total() const noexcept { return realized + unrealized; }
};

/// A round trip of one bot in one symbol that ended with a fill.
struct ClosedTrip {
  BotIndex bot = 0;
  StrategyIndex strategy = 0;
  SymbolIndex symbol = 0;
  double net_pnl = 0;
  SimTime time = 0;
};

/// What a fill did to the book.
struct FillResult {
  double realized = 0;  ///< of the account, net of this fill's fee
  std::optional<ClosedTrip> closed{};
};

/// The account's positions and money, made of fills and marks alone.
///
///     PositionBook book{2, 10'000};
///     book.enter_day(TradingDay::utc(now));
///     book.mark(bitcoin, 61'000.0, 61'000.1);
///     if (auto done = book.apply(fill); !done) log(done.error().message);
///     if (auto gross = book.gross_exposure()) gauge.set(*gross);
///
/// Two views of the same fills. The account has one net position a symbol, as a venue has it: PnL by symbol, realised
/// today, exposure. Each bot has its own in the symbols it trades: PnL by bot and by strategy, and round trips. Where one
/// bot is long what another is short, the account is flat; both views give the same total PnL.
///
/// Marks are mids; a symbol without one is marked by its first fill. All symbols are linear positions in base units, also
/// coin-margined perpetuals; short selling needs no margin. Equity = cash + sum(quantity * mark), always.
///
/// Bad input never gets in: prices and quantities must be finite, above 0 and at most 1e15; a mark that is not (or whose
/// bid is above its ask) is refused and the last one kept. So no figure is ever NaN or infinite.
///
/// Threads: use from one. Allocation: in the constructor, and at the first fill of a bot in a symbol. Figures cost O(symbols)
/// (equity, exposure) or O(pairs of bot and symbol). An index outside throws std::out_of_range where it is not a fill's.
class PositionBook {
 public:
  /// Throws `Exception` for a start that is not finite and above 0.
  explicit PositionBook(std::size_t symbols, double start_cash = 10'000);

  /// The error says which number of the fill was refused; then nothing has changed. A fee below 0 is a rebate.
  Result<FillResult> apply(const Fill& fill);

  /// A quote; a bar of one price has bid == ask. False: refused, the last mark stays.
  bool mark(SymbolIndex symbol, double bid, double ask);

  /// What the validator thinks of the symbol's marks; `no_trades` before the first mark or fill, then `good`, until it is set.
  void set_quality(SymbolIndex symbol, MarkQuality quality);
  MarkQuality quality(SymbolIndex symbol) const { return symbols_.at(symbol).quality; }
  /// Over the account's open positions, as equity depends on these alone; `good` when nothing is held. "Worst" is the last
  /// in the order of `MarkQuality`.
  MarkQuality worst_quality() const;

  /// A split: `factor` new shares for one old (AAPL 2020-08-31: 4). Quantity, average price and mark change, equity does
  /// not. Apply it before the first mark at the new price. An error for a factor outside 1e-6 to 1e6.
  Result<void> apply_split(SymbolIndex symbol, double factor);

  /// At another day than before, the daily figures begin again; says whether one has begun. The first call only names the day.
  bool enter_day(TradingDay day);

  double cash() const noexcept { return cash_; }
  double start_cash() const noexcept { return start_cash_; }
  double equity() const noexcept;
  double day_start_equity() const noexcept { return day_start_equity_; }
  double realized_today() const noexcept { return realized_today_; }  ///< net of fees
  /// Of the day's start; nothing when that was not above 0.
  std::optional<double> realized_today_percent() const;

  Pnl pnl() const;
  Pnl pnl_of_symbol(SymbolIndex symbol) const;
  Pnl pnl_of_bot(BotIndex bot) const;                 ///< all 0 for a bot without fills
  Pnl pnl_of_strategy(StrategyIndex strategy) const;  ///< the sum of its bots

  /// As multiples of equity; nothing when equity is not above 0.
  std::optional<double> gross_exposure() const;
  std::optional<double> net_exposure() const;              ///< below 0: short
  std::optional<double> largest_position_percent() const;  ///< of equity, 0 to 100 and above with leverage

  const Position& position(SymbolIndex symbol) const { return symbols_.at(symbol).position; }
  double mark_of(SymbolIndex symbol) const { return symbols_.at(symbol).mark; }  ///< 0 before the first
  int positions_open() const noexcept;      ///< symbols that the account is not flat in
  int bots_open(SymbolIndex symbol) const;  ///< bots that are not flat in it
  double quantity_of_bot(BotIndex bot, SymbolIndex symbol) const;

  std::size_t symbols() const noexcept { return symbols_.size(); }
  const RoundTrips& round_trips() const noexcept { return round_trips_; }  ///< of all bots
  RoundTrips round_trips_of_bot(BotIndex bot) const;

 private:
  struct OfSymbol {
    Position position;
    double mark = 0;
    MarkQuality quality = MarkQuality::no_trades;
  };
  using LegKey = std::tuple<BotIndex, StrategyIndex, SymbolIndex>;

  double value_of(const OfSymbol& each) const noexcept { return each.position.quantity() * each.mark; }

  double start_cash_;
  double cash_;
  double day_start_equity_;
  double realized_today_ = 0;
  std::optional<TradingDay> day_;
  std::vector<OfSymbol> symbols_;
  std::map<LegKey, Position> legs_;
  std::map<BotIndex, RoundTrips> trips_of_bots_;
  RoundTrips round_trips_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
