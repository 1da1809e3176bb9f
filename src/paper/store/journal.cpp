// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/journal.hpp"

#include <algorithm>
#include <array>

#include "paper/store/guarded_call.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

void Journal::observe(std::string_view operation, std::string_view table, StoreStatus status,
                      std::chrono::nanoseconds took) const {
  if (context_.observer != nullptr) context_.observer->on_query(operation, table, status, took);
}

/// What was made is told by the implementation, query by query; what was not made is told here.
template <typename Value, typename Function>
Result<Value> Journal::call(std::string_view operation, std::span<const std::string_view> tables, Function&& function) {
  GuardedAnswer<Value> answer = guarded_call<Value>(
      context_, mutex_, [this] { return describe(); }, std::forward<Function>(function));
  if (answer.status == StoreStatus::refused) {
    for (const std::string_view table : tables) observe(operation, table, StoreStatus::refused, {});
  }
  return std::move(answer.result);
}

Result<AppendReport> Journal::append(std::string_view run, std::span<const JournalEntry> entries) {
  if (entries.empty()) return AppendReport{};
  std::array<bool, journal_table_names.size()> used{};
  for (const JournalEntry& entry : entries) used.at(entry.record.index()) = true;
  std::vector<std::string_view> tables;
  for (std::size_t index = 0; index < used.size(); ++index) {
    if (used.at(index)) tables.push_back(journal_table_names.at(index));
  }
  return call<AppendReport>("insert", tables, [&](StoreFault& fault) { return do_append(run, entries, fault); });
}

template <typename Record>
Result<std::vector<Stored<Record>>> Journal::latest(JournalTable table, JournalQuery query) {
  query.limit = std::clamp<std::size_t>(query.limit, 1, 10'000);
  const std::string_view name = name_of(table);
  auto rows = call<std::vector<Stored<JournalRecord>>>(
      "select", {&name, 1}, [&](StoreFault& fault) { return do_latest(table, query, fault); });
  if (!rows) return rows.error();
  std::vector<Stored<Record>> typed;
  typed.reserve(rows->size());
  for (Stored<JournalRecord>& row : *rows) {
    if (Record* record = std::get_if<Record>(&row.record)) {
      typed.push_back({row.id, std::move(row.run), row.sequence, row.recorded_at, std::move(*record)});
    }
  }
  return typed;
}

Result<std::vector<Stored<OrderRecord>>> Journal::latest_orders(const JournalQuery& query) {
  return latest<OrderRecord>(JournalTable::orders, query);
}
Result<std::vector<Stored<FillRecord>>> Journal::latest_fills(const JournalQuery& query) {
  return latest<FillRecord>(JournalTable::fills, query);
}
Result<std::vector<Stored<EventRecord>>> Journal::latest_events(const JournalQuery& query) {
  return latest<EventRecord>(JournalTable::events, query);
}
Result<std::vector<Stored<EquityRecord>>> Journal::latest_equity(const JournalQuery& query) {
  return latest<EquityRecord>(JournalTable::equity, query);
}

Result<void> Journal::ping() {
  static constexpr std::string_view none = "none";
  return call<void>("ping", {&none, 1}, [&](StoreFault& fault) { return do_ping(fault); });
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
