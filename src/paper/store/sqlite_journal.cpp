// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/sqlite_journal.hpp"

#include <algorithm>

#include "paper/store/journal_columns.hpp"
#include "paper/store/sqlite_database.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

constexpr std::int32_t journal_file_id = 0x42576a6f;  // "BWjo"
constexpr int journal_version = 1;

constexpr std::array all_tables{JournalTable::orders, JournalTable::fills, JournalTable::events, JournalTable::equity};

std::string schema() {
  std::string sql;
  for (const JournalTable table : all_tables) {
    const std::string name(name_of(table));
    sql += "CREATE TABLE " + name + "(id INTEGER PRIMARY KEY, run TEXT NOT NULL";
    for (const JournalColumn& column : columns_of(table)) {
      sql.append(", ").append(column.name);
      if (column.type == ColumnType::number) sql += " REAL";  // NULL: not a number
      if (column.type == ColumnType::integer) sql += " INTEGER NOT NULL";
      if (column.type == ColumnType::text) sql += " TEXT NOT NULL";
    }
    sql += ", UNIQUE(run, sequence));\n";
    for (const std::string_view column : indexed_columns(table)) {
      sql.append("CREATE INDEX ").append(name).append("_by_").append(column);
      sql.append(" ON ").append(name).append("(").append(column).append(", id);\n");
    }
  }
  return sql;
}

std::string insert_into(JournalTable table) {
  std::string sql = "INSERT INTO " + std::string(name_of(table)) + "(" + column_list(table) + ") VALUES(?";
  for (std::size_t count = columns_of(table).size(); count > 0; --count) sql += ", ?";
  return sql + ") ON CONFLICT(run, sequence) DO NOTHING";
}

void bind_entry(SqliteStatement& statement, std::string_view run, const JournalEntry& entry,
                std::vector<std::string>& scratch) {
  int index = 0;
  statement.bind(++index, run);
  statement.bind(++index, static_cast<std::int64_t>(entry.sequence));
  statement.bind(++index, entry.recorded_at);
  scratch.resize(columns_of(table_of(entry.record)).size());
  std::visit(
      [&](const auto& record) {
        each_column(record, [&](std::string_view, const auto& member) {
          if constexpr (std::same_as<std::remove_cvref_t<decltype(member)>, std::string>) {
            const std::string_view text = journal_text(member, scratch[static_cast<std::size_t>(index - 3)]);
            statement.bind(++index, text);
          } else {
            statement.bind(++index, member);
          }
        });
      },
      entry.record);
}

void read_column(const SqliteStatement& row, int column, std::int64_t& member) {
  member = row.integer(column);
}
void read_column(const SqliteStatement& row, int column, double& member) {
  member = row.number(column);
}
void read_column(const SqliteStatement& row, int column, std::string& member) {
  member = row.text(column);
}

Stored<JournalRecord> read_row(const SqliteStatement& row, JournalTable table) {
  Stored<JournalRecord> stored{row.integer(0), row.text(1), static_cast<std::uint64_t>(row.integer(2)), row.integer(3),
                               record_for(table)};
  int column = 3;
  std::visit(
      [&](auto& record) {
        each_column(record, [&](std::string_view, auto& member) { read_column(row, ++column, member); });
      },
      stored.record);
  return stored;
}

}  // namespace

SqliteJournal::SqliteJournal(SqliteJournalOptions options, StoreContext context)
    : Journal(context), options_(std::move(options)) {}
SqliteJournal::~SqliteJournal() = default;

std::string SqliteJournal::describe() const {
  return "sqlite " + options_.path;
}

Result<void> SqliteJournal::open() {
  if (database_ != nullptr) return {};
  const std::chrono::nanoseconds begin = clock().monotonic();
  auto opened = SqliteDatabase::open({.path = options_.path,
                                      .application_id = journal_file_id,
                                      .version = journal_version,
                                      .full_sync = true,
                                      .busy_timeout = options_.busy_timeout},
                                     schema());
  observe("connect", "none", opened ? StoreStatus::success : StoreStatus::error, clock().monotonic() - begin);
  if (!opened) return opened.error();
  if (options_.max_bytes > 0) {
    const Result<std::int64_t> page = (*opened)->number_of("PRAGMA page_size");
    if (!page) return page.error();
    const std::uint64_t pages = std::max<std::uint64_t>(options_.max_bytes / static_cast<std::uint64_t>(*page), 1);
    if (auto set = (*opened)->run("PRAGMA max_page_count=" + std::to_string(pages)); !set) return set;
  }
  database_ = std::move(*opened);
  return {};
}

/// After an error: undoes what was begun, and lets go of a connection that is of no use any more.
Error SqliteJournal::failed(const Error& error) {
  const bool broken = database_->is_broken();
  database_->roll_back();
  if (broken) database_.reset();
  return error;
}

Result<AppendReport> SqliteJournal::do_append(std::string_view run, std::span<const JournalEntry> entries,
                                              StoreFault& fault) {
  fault = StoreFault::server;
  if (Result<void> opened = open(); !opened) return opened.error();
  if (Result<void> begun = database_->run("BEGIN IMMEDIATE"); !begun) return failed(begun.error());
  AppendReport report;
  for (const JournalTable table : all_tables) {
    const bool used = std::any_of(entries.begin(), entries.end(),
                                  [&](const JournalEntry& entry) { return table_of(entry.record) == table; });
    if (!used) continue;
    const std::chrono::nanoseconds begin = clock().monotonic();
    Result<void> inserted = insert(table, run, entries, report);
    observe("insert", name_of(table), inserted ? StoreStatus::success : StoreStatus::error,
            clock().monotonic() - begin);
    if (!inserted) return failed(inserted.error());
  }
  const std::chrono::nanoseconds begin = clock().monotonic();
  Result<void> committed = database_->run("COMMIT");
  observe("commit", "none", committed ? StoreStatus::success : StoreStatus::error, clock().monotonic() - begin);
  if (!committed) return failed(committed.error());
  return report;
}

Result<void> SqliteJournal::insert(JournalTable table, std::string_view run, std::span<const JournalEntry> entries,
                                   AppendReport& report) {
  Result<SqliteStatement> statement = database_->prepare(insert_into(table));
  if (!statement) return statement.error();
  std::vector<std::string> scratch;
  for (const JournalEntry& entry : entries) {
    if (table_of(entry.record) != table) continue;
    bind_entry(*statement, run, entry, scratch);
    if (statement->step() == SqliteStatement::Step::done) {
      ++(database_->changes() > 0 ? report.appended : report.duplicates);
    } else {
      if (!database_->refused_data())
        return database_->error("write");  // an insert that is refused undoes itself alone
      if (report.refused++ == 0) report.refusal = database_->error("write").message;
    }
    statement->reset();
  }
  return {};
}

Result<std::vector<Stored<JournalRecord>>> SqliteJournal::do_latest(JournalTable table, const JournalQuery& query,
                                                                    StoreFault& fault) {
  fault = StoreFault::server;
  if (Result<void> opened = open(); !opened) return opened.error();
  const std::chrono::nanoseconds begin = clock().monotonic();
  auto rows = select(table, query);
  observe("select", name_of(table), rows ? StoreStatus::success : StoreStatus::error, clock().monotonic() - begin);
  if (!rows) return failed(rows.error());
  return rows;
}

Result<std::vector<Stored<JournalRecord>>> SqliteJournal::select(JournalTable table, const JournalQuery& query) {
  const std::vector<JournalCondition> conditions = conditions_of(table, query);
  std::string sql = "SELECT id, " + column_list(table) + " FROM " + std::string(name_of(table)) + " WHERE true";
  for (const JournalCondition& condition : conditions) sql.append(" AND ").append(condition.column).append(" = ?");
  if (query.before_id > 0) sql += " AND id < " + std::to_string(query.before_id);
  sql += " ORDER BY id DESC LIMIT " + std::to_string(query.limit);
  Result<SqliteStatement> statement = database_->prepare(sql);
  if (!statement) return statement.error();
  int index = 0;
  for (const JournalCondition& condition : conditions) statement->bind(++index, condition.value);
  std::vector<Stored<JournalRecord>> rows;
  for (;;) {
    const SqliteStatement::Step step = statement->step();
    if (step == SqliteStatement::Step::done) return rows;
    if (step == SqliteStatement::Step::failed) return database_->error("read");
    rows.push_back(read_row(*statement, table));
  }
}

Result<void> SqliteJournal::do_ping(StoreFault& fault) {
  fault = StoreFault::server;
  if (Result<void> opened = open(); !opened) return opened;
  const std::chrono::nanoseconds begin = clock().monotonic();
  const Result<std::int64_t> answer = database_->number_of("SELECT count(*) FROM sqlite_schema");
  observe("ping", "none", answer ? StoreStatus::success : StoreStatus::error, clock().monotonic() - begin);
  if (!answer) return failed(answer.error());
  return {};
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
