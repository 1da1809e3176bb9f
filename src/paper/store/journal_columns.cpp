// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/journal_columns.hpp"

#include <algorithm>
#include <array>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

template <typename Member>
constexpr ColumnType column_type() {
  using Plain = std::remove_cvref_t<Member>;
  if constexpr (std::same_as<Plain, std::string>) return ColumnType::text;
  if constexpr (std::same_as<Plain, double>) return ColumnType::number;
  return ColumnType::integer;
}

std::vector<JournalColumn> find_columns(JournalTable table) {
  std::vector<JournalColumn> columns{{"sequence", ColumnType::integer}, {"recorded_at", ColumnType::integer}};
  const JournalRecord record = record_for(table);
  std::visit(
      [&](const auto& typed) {
        each_column(typed, [&](std::string_view name, const auto& member) {
          columns.push_back({name, column_type<decltype(member)>()});
        });
      },
      record);
  return columns;
}

/// The length of the UTF-8 sequence that begins here; 0 if it is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char first = byte(0);
  if (first == 0) return 0;
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t index = 1; index < length; ++index) {
    if ((byte(index) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second >= 0xa0;
  const bool beyond = first == 0xf4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

}  // namespace

JournalRecord record_for(JournalTable table) {
  switch (table) {
    case JournalTable::orders:
      return OrderRecord{};
    case JournalTable::fills:
      return FillRecord{};
    case JournalTable::events:
      return EventRecord{};
    case JournalTable::equity:
      break;
  }
  return EquityRecord{};
}

const std::vector<JournalColumn>& columns_of(JournalTable table) {
  static const std::array<std::vector<JournalColumn>, journal_table_names.size()> all{
      find_columns(JournalTable::orders), find_columns(JournalTable::fills), find_columns(JournalTable::events),
      find_columns(JournalTable::equity)};
  return all.at(static_cast<std::size_t>(table));
}

std::string column_list(JournalTable table) {
  std::string list = "run";
  for (const JournalColumn& column : columns_of(table)) list.append(", ").append(column.name);
  return list;
}

std::vector<std::string_view> indexed_columns(JournalTable table) {
  if (table == JournalTable::equity) return {"bot"};
  if (table == JournalTable::events) return {"bot", "subject", "kind"};
  return {"bot", "order_id"};
}

std::vector<JournalCondition> conditions_of(JournalTable table, const JournalQuery& query) {
  std::vector<JournalCondition> conditions;
  const auto add = [&](std::string_view column, const std::string& value) {
    if (!value.empty()) conditions.push_back({column, value});
  };
  add("bot", query.bot);
  if (table == JournalTable::equity) return conditions;
  add("symbol", query.symbol);
  add(table == JournalTable::events ? "subject" : "order_id", query.order_id);
  if (table == JournalTable::events) add("kind", query.kind);
  return conditions;
}

std::string_view journal_text(std::string_view text, std::string& scratch) {
  const auto plain = [](char letter) { return static_cast<unsigned char>(letter - 1) < 0x7f; };
  if (text.size() <= max_journal_text && std::all_of(text.begin(), text.end(), plain)) return text;
  scratch.clear();
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const std::string_view part = length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length);
    if (scratch.size() + part.size() > max_journal_text) break;
    scratch.append(part);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return scratch;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
