// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// A number that was not given.
inline constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

// What the desk writes down. Times are nanoseconds since the Unix epoch, of the desk's own (simulated) time; money is in the
// account's currency, quantities in the symbol's base unit and never below 0 (the side says which way). Texts that have
// no meaning for a record stay empty. A text is UTF-8 and is kept up to `max_journal_text` bytes.

inline constexpr std::size_t max_journal_text = 2048;

/// An order as it was submitted. What becomes of it is told by events and fills.
struct OrderRecord {
  SimTime at = 0;
  std::string order_id = {};
  std::string bot = {};
  std::string strategy = {};
  std::string symbol = {};
  std::string side = {};  ///< "buy", "sell"
  std::string type = {};  ///< "market", "limit"
  double quantity = 0;
  double price = no_number;  ///< the limit; none for a market order
  std::string status = {};   ///< at the time of the record: "submitted", or "rejected" by a check before the venue
  std::string reason = {};   ///< of a rejection
};

struct FillRecord {
  SimTime at = 0;
  std::string fill_id = {};
  std::string order_id = {};
  std::string bot = {};
  std::string strategy = {};
  std::string symbol = {};
  std::string side = {};
  double quantity = 0;
  double price = 0;
  double fee = 0;              ///< paid, above 0
  double realized = 0;         ///< by this fill, fee not included
  std::string liquidity = {};  ///< "maker", "taker"
};

/// Whatever else happens. The typed forms below are the usual ones.
struct EventRecord {
  SimTime at = 0;
  std::string kind = {};  ///< "order", "kill", "reconciliation", "journal_gap", or a word of the caller's
  std::string bot = {};
  std::string strategy = {};
  std::string symbol = {};
  std::string subject = {};  ///< what it happened to: an order's id, a kill switch's type and scope, an account
  std::string action = {};   ///< what happened: "accepted", "rejected", "tripped", "reset", "mismatch"
  std::string detail = {};   ///< why, for people
  double value = no_number;  ///< the measured value, or quantity
  double limit = no_number;  ///< what it was held against
};

/// The money at one moment. `bot` empty: of the whole desk.
struct EquityRecord {
  SimTime at = 0;
  std::string bot = {};
  double equity = 0;
  double cash = 0;
  double realized_today = 0;
  double unrealized = 0;
  double drawdown = 0;  ///< a fraction of the peak, 0 or above
  std::int64_t positions_open = 0;
};

using JournalRecord = std::variant<OrderRecord, FillRecord, EventRecord, EquityRecord>;

/// The tables, in the order of the record's types.
enum class JournalTable : std::uint8_t { orders, fills, events, equity };
inline constexpr std::array<std::string_view, 4> journal_table_names{"orders", "fills", "events", "equity"};
constexpr std::string_view name_of(JournalTable table) noexcept {
  return journal_table_names[static_cast<std::size_t>(table)];
}
inline JournalTable table_of(const JournalRecord& record) noexcept {
  return static_cast<JournalTable>(record.index());
}

/// What became of an order.
struct OrderEvent {
  SimTime at = 0;
  std::string order_id = {};
  std::string bot = {};
  std::string strategy = {};
  std::string symbol = {};
  std::string action = {};  ///< "accepted", "rejected", "cancelled", "expired", "partly_filled", "filled"
  std::string reason = {};
  double quantity = no_number;  ///< that it concerns
};
EventRecord event_of(OrderEvent event);

struct KillEvent {
  SimTime at = 0;
  std::string type = {};    ///< "pnl", "psr", "drawdown", "global"
  std::string scope = {};   ///< "strategy=grid"; empty: everything
  std::string action = {};  ///< "tripped", "reset", "blocked"
  std::string reason = {};
  double value = no_number;
  double limit = no_number;
};
EventRecord event_of(KillEvent event);

struct ReconciliationEvent {
  SimTime at = 0;
  std::string account = {};
  std::string symbol = {};
  double expected = no_number;  ///< by the desk's own book
  double actual = no_number;    ///< by the venue
  bool matches = true;
  std::string detail = {};
};
EventRecord event_of(ReconciliationEvent event);

}  // namespace paper
BELLWETHER_NAMESPACE_END
