// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/sqlite_database.hpp"

#include <sqlite3.h>

#include <cmath>
#include <limits>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

// A bind that fails (memory is short) leaves NULL, which the table's NOT NULL refuses.
void SqliteStatement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), index, value);
}
void SqliteStatement::bind(int index, double value) {
  sqlite3_bind_double(statement_.get(), index, value);
}
void SqliteStatement::bind(int index, std::string_view value) {
  sqlite3_bind_text64(statement_.get(), index, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
}
void SqliteStatement::bind_blob(int index, std::string_view value) {
  sqlite3_bind_blob64(statement_.get(), index, value.data() == nullptr ? "" : value.data(), value.size(),
                      SQLITE_STATIC);
}

SqliteStatement::Step SqliteStatement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return Step::row;
  return code == SQLITE_DONE ? Step::done : Step::failed;
}

void SqliteStatement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double SqliteStatement::number(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::numeric_limits<double>::quiet_NaN();
  return sqlite3_column_double(statement_.get(), column);
}

std::string SqliteStatement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);  // of a text: its UTF-8
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string()
                          : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

SqliteDatabase::~SqliteDatabase() {
  sqlite3_close_v2(database_);
}

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const SqliteFile& file, const std::string& schema) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(file.path.c_str(), &opened,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(opened, file.path));
  if (code != SQLITE_OK) {
    if (opened == nullptr) return Error{"cannot open " + file.path + ": memory is short"};
    return database->error("open");
  }
  sqlite3_busy_timeout(opened, static_cast<int>(file.busy_timeout.count()));
  if (Result<void> ready = database->prepare_file(file, schema); !ready) return ready.error();
  return database;
}

Result<void> SqliteDatabase::prepare_file(const SqliteFile& file, const std::string& schema) {
  // WAL: readers do not wait for the writer, and a commit is one append to a file.
  if (Result<void> set = run("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=OFF; PRAGMA synchronous=" +
                             std::string(file.full_sync ? "FULL" : "NORMAL"));
      !set) {
    return set;
  }
  if (Result<void> begun = run("BEGIN IMMEDIATE"); !begun) return begun;
  const auto failed = [&](Error error) {
    roll_back();
    return error;
  };
  const Result<std::int64_t> id = number_of("PRAGMA application_id");
  if (!id) return failed(id.error());
  const Result<std::int64_t> version = number_of("PRAGMA user_version");
  if (!version) return failed(version.error());
  if (*id == file.application_id) {
    if (*version > file.version) {
      return failed({"cannot open " + path_ + ": it was written by a newer version of the program (schema " +
                     std::to_string(*version) + ", this one knows up to " + std::to_string(file.version) + ")"});
    }
    return run("COMMIT");
  }
  const Result<std::int64_t> tables = number_of("SELECT count(*) FROM sqlite_schema");
  if (!tables) return failed(tables.error());
  if (*id != 0 || *tables != 0) {
    return failed({"cannot open " + path_ + ": it is a database of something else; name another file"});
  }
  const std::string marks = "; PRAGMA application_id=" + std::to_string(file.application_id) +
                            "; PRAGMA user_version=" + std::to_string(file.version) + "; COMMIT";
  if (Result<void> made = run(schema + marks); !made) return failed(made.error());
  return {};
}

Result<void> SqliteDatabase::run(const std::string& statements) {
  if (sqlite3_exec(database_, statements.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return error("use");
  return {};
}

Result<SqliteStatement> SqliteDatabase::prepare(const std::string& statement) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v3(database_, statement.c_str(), static_cast<int>(statement.size()), SQLITE_PREPARE_PERSISTENT,
                         &prepared, nullptr) != SQLITE_OK) {
    return error("use");
  }
  SqliteStatement result;
  result.statement_.reset(prepared);
  return result;
}

Result<std::int64_t> SqliteDatabase::number_of(const std::string& statement) {
  Result<SqliteStatement> prepared = prepare(statement);
  if (!prepared) return prepared.error();
  if (prepared->step() != SqliteStatement::Step::row) return error("read");
  return prepared->integer(0);
}

std::int64_t SqliteDatabase::changes() const {
  return sqlite3_changes64(database_);
}

void SqliteDatabase::roll_back() noexcept {
  if (sqlite3_get_autocommit(database_) == 0) sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
}

Error SqliteDatabase::error(std::string_view doing) const {
  return {"cannot " + std::string(doing) + " " + path_ + ": " + sqlite3_errmsg(database_)};
}

bool SqliteDatabase::refused_data() const {
  const int code = sqlite3_errcode(database_) & 0xff;
  return code == SQLITE_CONSTRAINT || code == SQLITE_TOOBIG || code == SQLITE_MISMATCH;
}

bool SqliteDatabase::is_broken() const {
  const int code = sqlite3_errcode(database_) & 0xff;
  return code != SQLITE_OK && code != SQLITE_FULL && code != SQLITE_BUSY && code != SQLITE_LOCKED && !refused_data();
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
