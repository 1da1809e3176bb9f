// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "paper/store/journal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// `visit(name, member)` for each column of a record, in the order of the table. What writes, reads and makes the tables walks
/// these: they cannot disagree.
template <typename Record, typename Visitor>
void each_column(Record& record, Visitor&& visit) {
  using Plain = std::remove_const_t<Record>;
  visit("at_ns", record.at);
  if constexpr (std::same_as<Plain, OrderRecord>) {
    visit("order_id", record.order_id);
    visit("bot", record.bot);
    visit("strategy", record.strategy);
    visit("symbol", record.symbol);
    visit("side", record.side);
    visit("type", record.type);
    visit("quantity", record.quantity);
    visit("price", record.price);
    visit("status", record.status);
    visit("reason", record.reason);
  } else if constexpr (std::same_as<Plain, FillRecord>) {
    visit("fill_id", record.fill_id);
    visit("order_id", record.order_id);
    visit("bot", record.bot);
    visit("strategy", record.strategy);
    visit("symbol", record.symbol);
    visit("side", record.side);
    visit("quantity", record.quantity);
    visit("price", record.price);
    visit("fee", record.fee);
    visit("realized", record.realized);
    visit("liquidity", record.liquidity);
  } else if constexpr (std::same_as<Plain, EventRecord>) {
    visit("kind", record.kind);
    visit("bot", record.bot);
    visit("strategy", record.strategy);
    visit("symbol", record.symbol);
    visit("subject", record.subject);
    visit("action", record.action);
    visit("detail", record.detail);
    visit("value", record.value);
    visit("threshold", record.limit);
  } else {
    static_assert(std::same_as<Plain, EquityRecord>);
    visit("bot", record.bot);
    visit("equity", record.equity);
    visit("cash", record.cash);
    visit("realized_today", record.realized_today);
    visit("unrealized", record.unrealized);
    visit("drawdown", record.drawdown);
    visit("positions_open", record.positions_open);
  }
}

/// An empty record of the table.
JournalRecord record_for(JournalTable table);

enum class ColumnType : std::uint8_t { integer, number, text };
struct JournalColumn {
  std::string_view name;
  ColumnType type;
};

/// All columns that a writer gives, in the order of the table: sequence, recorded_at, then those of the record. Before them stand
/// `id`, which the database gives, and `run`.
const std::vector<JournalColumn>& columns_of(JournalTable table);

/// "run, sequence, recorded_at, at_ns, ..."
std::string column_list(JournalTable table);

/// What an index is made for, beside the uniqueness of run and sequence: the columns that queries restrict.
std::vector<std::string_view> indexed_columns(JournalTable table);

/// A condition of a select; `column` is one of the table's.
struct JournalCondition {
  std::string_view column;
  std::string_view value;
};
std::vector<JournalCondition> conditions_of(JournalTable table, const JournalQuery& query);

/// The text as both databases can hold it: UTF-8 without NUL, of at most `max_journal_text` bytes. `scratch` takes it where it
/// must differ from what was given.
std::string_view journal_text(std::string_view text, std::string& scratch);

}  // namespace paper
BELLWETHER_NAMESPACE_END
