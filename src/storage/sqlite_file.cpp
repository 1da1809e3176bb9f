// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite_file.hpp"

#include <sqlite3.h>
#include <unistd.h>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

FileFault fault_of(int code) {
  switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return FileFault::none;
    case SQLITE_FULL:
      return FileFault::full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return FileFault::corrupt;
    default:
      return FileFault::other;
  }
}

}  // namespace

SqliteStatement& SqliteStatement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), index, value);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int index, ByteView value) {
  sqlite3_bind_blob64(statement_.get(), index, value.data(), value.size(), SQLITE_STATIC);
  return *this;
}

SqliteStatement::Step SqliteStatement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return Step::row;
  return code == SQLITE_DONE ? Step::done : Step::failed;
}

void SqliteStatement::reset() {
  sqlite3_reset(statement_.get());
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

ByteView SqliteStatement::blob(int column) const {
  const auto* const data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

Result<std::unique_ptr<SqliteFile>> SqliteFile::open(const SqliteOptions& options, FileFault& fault) {
  sqlite3* database = nullptr;
  // Also for reading it is opened for writing where allowed: a reader may have to recover what a killed writer left.
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (options.writable ? SQLITE_OPEN_CREATE : 0);
  const int code =
      sqlite3_open_v2(options.path.c_str(), &database, flags, options.vfs.empty() ? nullptr : options.vfs.c_str());
  std::unique_ptr<SqliteFile> file(new SqliteFile(database, options.path));
  if (code != SQLITE_OK) {
    fault = fault_of(code);
    return file->error("open");
  }
  sqlite3_busy_timeout(database, 2000);
  // wal_autocheckpoint: the WAL stays small, since it counts as used disk. cache_size: 256 KiB, the blobs pass by once.
  std::string settings = "PRAGMA cache_size=-256; PRAGMA temp_store=MEMORY;";
  if (options.writable) {
    settings += "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=128; PRAGMA journal_size_limit=1048576;";
    settings += options.full_sync ? "PRAGMA synchronous=FULL;" : "PRAGMA synchronous=NORMAL;";
  } else {
    settings += "PRAGMA query_only=1;";
  }
  if (Result<void> set = file->run(settings.c_str()); !set) {
    fault = file->fault();
    return set.error();
  }
  fault = FileFault::none;
  return file;
}

SqliteFile::~SqliteFile() {
  sqlite3_close_v2(database_);
}

Result<void> SqliteFile::run(const char* statements) {
  if (sqlite3_exec(database_, statements, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return error("write");
}

Result<SqliteStatement> SqliteFile::prepare(const char* statement) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(database_, statement, -1, &prepared, nullptr) != SQLITE_OK) return error("read");
  SqliteStatement out;
  out.statement_.reset(prepared);
  return out;
}

Result<std::int64_t> SqliteFile::number_of(const char* statement) {
  Result<SqliteStatement> prepared = prepare(statement);
  if (!prepared) return prepared.error();
  switch (prepared->step()) {
    case SqliteStatement::Step::row:
      return prepared->integer(0);
    case SqliteStatement::Step::done:
      return std::int64_t{0};
    default:
      return error("read");
  }
}

void SqliteFile::roll_back() noexcept {
  if (sqlite3_get_autocommit(database_) == 0) sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<void> SqliteFile::copy_to(const std::string& path) {
  sqlite3* raw = nullptr;
  if (sqlite3_open(path.c_str(), &raw) != SQLITE_OK) {
    const SqliteFile failed(raw, path);
    return failed.error("make");
  }
  const SqliteFile target(raw, path);
  sqlite3_backup* const backup = sqlite3_backup_init(raw, "main", database_, "main");
  if (backup == nullptr) return target.error("copy to");
  sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) != SQLITE_OK) return target.error("copy to");
  return {};
}

bool SqliteFile::has_read_only_header() const {
  return sqlite3_db_readonly(database_, "main") == 1 && ::access(path_.c_str(), W_OK) == 0;
}

Error SqliteFile::error(const std::string& doing) const {
  return Error{"cannot " + doing + " " + path_ + ": " +
               (database_ == nullptr ? "no memory" : sqlite3_errmsg(database_))};
}

FileFault SqliteFile::fault() const {
  return database_ == nullptr ? FileFault::other : fault_of(sqlite3_errcode(database_));
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
