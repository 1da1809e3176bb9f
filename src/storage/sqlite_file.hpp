// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "storage/byte_stream.hpp"

struct sqlite3;
struct sqlite3_stmt;

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// A prepared statement. Parameters count from 1, columns from 0. Threads: that of its file.
class SqliteStatement {
 public:
  SqliteStatement() = default;

  SqliteStatement& bind(int index, std::int64_t value);
  SqliteStatement& bind(int index, ByteView value);  ///< the bytes must stay until `reset`

  enum class Step : std::uint8_t { row, done, failed };
  Step step();
  void reset();

  std::int64_t integer(int column) const;
  ByteView blob(int column) const;  ///< good until the next step

 private:
  friend class SqliteFile;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// What is wrong with a file, as far as it decides what to do.
enum class FileFault : std::uint8_t {
  none,
  full,     ///< no room: passes when there is some
  corrupt,  ///< the content is damaged, or is no database: set the file aside
  other,    ///< disk errors, permissions
};

struct SqliteOptions {
  std::string path;
  bool writable = false;
  bool full_sync = true;  ///< a commit survives a power failure; else the end of the process alone
  std::string vfs;        ///< name of a registered SQLite VFS; empty: the default. Tests inject disk faults with it.
};

/// One open SQLite file. Threads: use from one at a time. Blocking: for the disk. Errors are values; `fault()` tells what
/// the last one means.
class SqliteFile {
 public:
  static Result<std::unique_ptr<SqliteFile>> open(const SqliteOptions& options, FileFault& fault);
  ~SqliteFile();
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;

  Result<void> run(const char* statements);
  Result<SqliteStatement> prepare(const char* statement);
  /// The one number that a statement gives; 0 for no row.
  Result<std::int64_t> number_of(const char* statement);
  /// Ends a transaction that failed; harmless outside of one.
  void roll_back() noexcept;

  /// Copies the whole file as of one instant, while others read and write.
  Result<void> copy_to(const std::string& path);

  /// The header forbids writing although the file's permissions allow it: damage.
  bool has_read_only_header() const;

  Error error(const std::string& doing) const;
  FileFault fault() const;
  const std::string& path() const noexcept { return path_; }

 private:
  SqliteFile(sqlite3* database, std::string path) : database_(database), path_(std::move(path)) {}

  sqlite3* database_;
  std::string path_;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
