// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/postgres_journal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "paper/store/journal_columns.hpp"
#include "paper/store/postgres_connection.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

constexpr int journal_version = 1;
constexpr std::array all_tables{JournalTable::orders, JournalTable::fills, JournalTable::events, JournalTable::equity};

const char* sql_type(ColumnType type) {
  if (type == ColumnType::text) return "text";
  return type == ColumnType::number ? "float8" : "bigint";
}

std::string full_name(const std::string& schema, JournalTable table) {
  return schema + "." + std::string(name_of(table));
}

/// Several desks may come at once: they make the tables one after the other.
std::string make_tables(const std::string& schema) {
  std::string sql = "SELECT pg_advisory_xact_lock(4779127);\nCREATE SCHEMA IF NOT EXISTS " + schema + ";\n";
  for (const JournalTable table : all_tables) {
    const std::string name = full_name(schema, table);
    sql +=
        "CREATE TABLE IF NOT EXISTS " + name + "(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run text NOT NULL";
    for (const JournalColumn& column : columns_of(table)) {
      sql.append(", ").append(column.name).append(" ").append(sql_type(column.type)).append(" NOT NULL");
    }
    sql += ", UNIQUE(run, sequence));\n";
    for (const std::string_view column : indexed_columns(table)) {
      sql.append("CREATE INDEX IF NOT EXISTS ").append(name_of(table)).append("_by_").append(column);
      sql.append(" ON ").append(name).append("(").append(column).append(", id);\n");
    }
  }
  sql += "CREATE TABLE IF NOT EXISTS " + schema + ".schema_version(version integer PRIMARY KEY);\nINSERT INTO " +
         schema + ".schema_version VALUES(" + std::to_string(journal_version) + ") ON CONFLICT DO NOTHING";
  return sql;
}

/// One statement for any number of rows: each column comes as an array.
std::string insert_into(const std::string& schema, JournalTable table) {
  std::string sql =
      "INSERT INTO " + full_name(schema, table) + "(" + column_list(table) + ") SELECT $1::text, given.* FROM unnest(";
  int parameter = 1;
  for (const JournalColumn& column : columns_of(table)) {
    if (parameter > 1) sql += ", ";
    sql.append("$").append(std::to_string(++parameter)).append("::").append(sql_type(column.type)).append("[]");
  }
  return sql + ") AS given ORDER BY 2 ON CONFLICT (run, sequence) DO NOTHING";
}

void append_element(std::string& array, std::int64_t value) {
  array += std::to_string(value);
}

void append_element(std::string& array, double value) {
  std::array<char, 32> digits;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by to_chars
  array.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);  // or nan, inf
}

void append_element(std::string& array, const std::string& text) {
  std::string scratch;
  array += '"';
  for (const char letter : journal_text(text, scratch)) {
    if (letter == '"' || letter == '\\') array += '\\';
    array += letter;
  }
  array += '"';
}

/// The arrays of `insert_into`, with the run before them.
std::vector<std::string> arrays_of(JournalTable table, std::string_view run, std::span<const JournalEntry> entries) {
  std::vector<std::string> arrays(columns_of(table).size() + 1);
  std::string scratch;
  arrays[0] = journal_text(run, scratch);
  for (const JournalEntry& entry : entries) {
    if (table_of(entry.record) != table) continue;
    std::size_t column = 0;
    const auto add = [&](const auto& value) {
      std::string& array = arrays[++column];
      array += array.empty() ? '{' : ',';
      append_element(array, value);
    };
    add(static_cast<std::int64_t>(entry.sequence));
    add(entry.recorded_at);
    std::visit(
        [&](const auto& record) { each_column(record, [&](std::string_view, const auto& member) { add(member); }); },
        entry.record);
  }
  for (std::size_t index = 1; index < arrays.size(); ++index) arrays[index] += '}';
  return arrays;
}

void read_column(const PostgresRows& rows, std::size_t row, int column, std::int64_t& member) {
  member = rows.integer(row, column);
}
void read_column(const PostgresRows& rows, std::size_t row, int column, double& member) {
  member = rows.number(row, column);
}
void read_column(const PostgresRows& rows, std::size_t row, int column, std::string& member) {
  member = rows.text(row, column);
}

Stored<JournalRecord> read_row(const PostgresRows& rows, std::size_t row, JournalTable table) {
  Stored<JournalRecord> stored{rows.integer(row, 0), std::string(rows.text(row, 1)),
                               static_cast<std::uint64_t>(rows.integer(row, 2)), rows.integer(row, 3),
                               record_for(table)};
  int column = 3;
  std::visit(
      [&](auto& record) {
        each_column(record, [&](std::string_view, auto& member) { read_column(rows, row, ++column, member); });
      },
      stored.record);
  return stored;
}

std::string milliseconds_of(std::chrono::nanoseconds time) {
  return std::to_string(std::max<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(time).count(), 1));
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name.size() < 64 && (name[0] < '0' || name[0] > '9') &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

}  // namespace

PostgresJournal::PostgresJournal(PostgresJournalOptions options, StoreContext context)
    : Journal(context),
      options_(std::move(options)),
      description_("postgresql at " + postgres_target(options_.url).value()),
      pause_(options_.reconnect) {
  if (!is_plain_name(options_.schema)) {
    throw Exception({"the PostgreSQL schema '" + options_.schema + "' is refused: write small letters, digits and _"});
  }
}
PostgresJournal::~PostgresJournal() = default;

Result<void> PostgresJournal::connect(StoreFault& fault) {
  if (connection_ != nullptr) return {};
  if (!pause_.over(clock().monotonic())) {
    fault = StoreFault::not_tried;
    return Error{description_ + " is away, and the next connection is not due yet: " + last_error_};
  }
  fault = StoreFault::connection;
  const std::chrono::nanoseconds begin = clock().monotonic();
  Result<void> ready = [&]() -> Result<void> {
    auto opened = PostgresConnection::open(options_.url, description_, deadline_in(options_.connect_timeout));
    if (!opened) return opened.error();
    if (Result<void> prepared = prepare(**opened); !prepared) return prepared;
    connection_ = std::move(*opened);
    return {};
  }();
  observe("connect", "none", ready ? StoreStatus::success : StoreStatus::error, clock().monotonic() - begin);
  if (ready) {
    pause_.succeeded();
  } else {
    pause_.failed(clock().monotonic());
    last_error_ = ready.error().message;
  }
  return ready;
}

/// Settings, tables and statements of a new connection.
Result<void> PostgresJournal::prepare(PostgresConnection& connection) {
  const auto run = [&](const std::string& sql) { return connection.run(sql, deadline_in(options_.command_timeout)); };
  const auto set = run("SET statement_timeout = " + milliseconds_of(options_.statement_timeout) +
                       "; SET idle_in_transaction_session_timeout = " + milliseconds_of(10 * options_.command_timeout));
  if (!set) return set.error();
  const auto known = run("SELECT to_regclass('" + options_.schema + ".schema_version') IS NOT NULL");
  if (!known) return known.error();
  if (known->size() != 1 || known->text(0, 0) != "t") {
    if (const auto made = run(make_tables(options_.schema)); !made) return made.error();
  }
  const auto version = run("SELECT max(version) FROM " + options_.schema + ".schema_version");
  if (!version) return version.error();
  if (version->size() == 1 && version->integer(0, 0) > journal_version) {
    return Error{description_ + ": the schema '" + options_.schema +
                 "' was written by a newer version of the program (" + std::string(version->text(0, 0)) +
                 ", this one knows up to " + std::to_string(journal_version) + ")"};
  }
  for (const JournalTable table : all_tables) {
    const std::string name = "insert_" + std::string(name_of(table));
    Result<void> prepared =
        connection.prepare(name, insert_into(options_.schema, table), deadline_in(options_.command_timeout));
    if (!prepared) return prepared;
  }
  return {};
}

/// After an error that is not about the data alone: the next call begins with a new connection.
Error PostgresJournal::failed(const Error& error, StoreFault& fault) {
  fault = connection_->is_usable() ? StoreFault::server : StoreFault::connection;
  connection_.reset();
  return error;
}

Result<AppendReport> PostgresJournal::do_append(std::string_view run, std::span<const JournalEntry> entries,
                                                StoreFault& fault) {
  if (Result<void> connected = connect(fault); !connected) return connected.error();
  AppendReport report;
  Result<void> done = transaction(run, entries, report);
  if (done) return report;
  if (!connection_->refused_data()) return failed(done.error(), fault);
  // One of them is to blame. Each on its own, so that it alone is left out.
  report = {};
  for (std::size_t index = 0; index < entries.size(); ++index) {
    const auto rolled_back = connection_->run("ROLLBACK", deadline_in(options_.command_timeout));
    if (!rolled_back) return failed(rolled_back.error(), fault);
    done = transaction(run, entries.subspan(index, 1), report);
    if (done) continue;
    if (!connection_->refused_data()) return failed(done.error(), fault);
    if (report.refused++ == 0) report.refusal = done.error().message;
  }
  const auto rolled_back = connection_->run("ROLLBACK", deadline_in(options_.command_timeout));
  if (!rolled_back) return failed(rolled_back.error(), fault);
  return report;
}

/// All or nothing.
Result<void> PostgresJournal::transaction(std::string_view run, std::span<const JournalEntry> entries,
                                          AppendReport& report) {
  AppendReport part;
  if (const auto begun = connection_->run("BEGIN", deadline_in(options_.command_timeout)); !begun) return begun.error();
  for (const JournalTable table : all_tables) {
    const auto count = static_cast<std::size_t>(std::count_if(
        entries.begin(), entries.end(), [&](const JournalEntry& entry) { return table_of(entry.record) == table; }));
    if (count == 0) continue;
    const std::chrono::nanoseconds begin = clock().monotonic();
    const auto inserted = connection_->run_prepared(
        "insert_" + std::string(name_of(table)), deadline_in(options_.command_timeout), arrays_of(table, run, entries));
    observe("insert", name_of(table), inserted ? StoreStatus::success : StoreStatus::error,
            clock().monotonic() - begin);
    if (!inserted) return inserted.error();
    part.appended += inserted->affected();
    part.duplicates += count - std::min(count, inserted->affected());
  }
  const std::chrono::nanoseconds begin = clock().monotonic();
  const auto committed = connection_->run("COMMIT", deadline_in(options_.command_timeout));
  observe("commit", "none", committed ? StoreStatus::success : StoreStatus::error, clock().monotonic() - begin);
  if (!committed) return committed.error();
  report.appended += part.appended;
  report.duplicates += part.duplicates;
  return {};
}

Result<std::vector<Stored<JournalRecord>>> PostgresJournal::do_latest(JournalTable table, const JournalQuery& query,
                                                                      StoreFault& fault) {
  if (Result<void> connected = connect(fault); !connected) return connected.error();
  const std::vector<JournalCondition> conditions = conditions_of(table, query);
  std::string sql = "SELECT id, " + column_list(table) + " FROM " + full_name(options_.schema, table) + " WHERE true";
  std::vector<std::string> values;
  std::string scratch;
  for (const JournalCondition& condition : conditions) {
    values.emplace_back(journal_text(condition.value, scratch));
    sql.append(" AND ").append(condition.column).append(" = $").append(std::to_string(values.size()));
  }
  if (query.before_id > 0) sql += " AND id < " + std::to_string(query.before_id);
  sql += " ORDER BY id DESC LIMIT " + std::to_string(query.limit);
  const std::chrono::nanoseconds begin = clock().monotonic();
  const auto rows = connection_->run(sql, deadline_in(options_.command_timeout), values);
  observe("select", name_of(table), rows ? StoreStatus::success : StoreStatus::error, clock().monotonic() - begin);
  if (!rows) return failed(rows.error(), fault);
  std::vector<Stored<JournalRecord>> found;
  found.reserve(rows->size());
  for (std::size_t row = 0; row < rows->size(); ++row) found.push_back(read_row(*rows, row, table));
  return found;
}

Result<void> PostgresJournal::do_ping(StoreFault& fault) {
  if (Result<void> connected = connect(fault); !connected) return connected;
  const std::chrono::nanoseconds begin = clock().monotonic();
  const auto answer = connection_->run("SELECT 1", deadline_in(options_.command_timeout));
  observe("ping", "none", answer ? StoreStatus::success : StoreStatus::error, clock().monotonic() - begin);
  if (!answer) return failed(answer.error(), fault);
  return {};
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
