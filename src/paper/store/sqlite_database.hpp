// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// A prepared statement. Indexes of parameters begin with 1, those of columns with 0.
///
/// Threads: use from one.
class SqliteStatement {
 public:
  SqliteStatement() = default;

  void bind(int index, std::int64_t value);
  void bind(int index, double value);
  /// The bytes must stay until `reset`.
  void bind(int index, std::string_view value);
  void bind_blob(int index, std::string_view value);

  enum class Step : std::uint8_t { row, done, failed };
  Step step();
  void reset();  ///< for the next run; forgets the parameters

  std::int64_t integer(int column) const;
  double number(int column) const;  ///< NULL is NaN, as SQLite keeps NaN
  std::string text(int column) const;

 private:
  friend class SqliteDatabase;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

struct SqliteFile {
  std::string path;
  std::int32_t application_id = 0;  ///< says whose file it is: one with another's is refused
  int version = 1;                  ///< of the schema: a file of a higher one is refused
  bool full_sync = false;           ///< each commit survives a power failure; else only the crash of the process
  std::chrono::milliseconds busy_timeout{1000};
};

/// An open SQLite file in WAL mode.
///
/// Threads: use from one at a time. Blocking: for the disk and for `busy_timeout`. Errors: values; after one, `code` says which.
class SqliteDatabase {
 public:
  /// Opens the file, or makes it and runs `schema` in it, in one transaction.
  static Result<std::unique_ptr<SqliteDatabase>> open(const SqliteFile& file, const std::string& schema);

  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  Result<void> run(const std::string& statements);
  Result<SqliteStatement> prepare(const std::string& statement);
  /// The one number that the statement gives.
  Result<std::int64_t> number_of(const std::string& statement);

  /// Rows changed by the last statement.
  std::int64_t changes() const;
  /// Undoes what a failed transaction did; does nothing outside of one.
  void roll_back() noexcept;

  /// The last error: "cannot <doing> <path>: database or disk is full".
  Error error(std::string_view doing) const;
  /// True where the last error is about the data itself: it does not pass with time.
  bool refused_data() const;
  /// True where the connection should not be used again after the last error.
  bool is_broken() const;

 private:
  SqliteDatabase(sqlite3* database, std::string path) : database_(database), path_(std::move(path)) {}
  Result<void> prepare_file(const SqliteFile& file, const std::string& schema);

  sqlite3* database_;
  std::string path_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
