// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/day_log.hpp"

#include <string>
#include <utility>

#include "storage/packed_blob.hpp"
#include "storage/series_blob.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr const char* schema =
    "PRAGMA application_id=0x42577473;"  // "BWts"
    "PRAGMA user_version=1;"
    "CREATE TABLE series(first_id INTEGER PRIMARY KEY, count INTEGER NOT NULL, content BLOB NOT NULL);"
    "CREATE TABLE batch(id INTEGER PRIMARY KEY, content BLOB NOT NULL);"
    "CREATE TABLE block(id INTEGER PRIMARY KEY, series_group INTEGER NOT NULL, from_ms INTEGER NOT NULL,"
    " to_ms INTEGER NOT NULL, samples INTEGER NOT NULL, content BLOB NOT NULL);"
    "CREATE INDEX block_place ON block(series_group, from_ms, to_ms);";

}  // namespace

DayLog::DayLog(std::shared_ptr<DayFile> file, std::unique_ptr<SqliteFile> database)
    : file_(std::move(file)), database_(std::move(database)), series_(std::make_shared<DaySeries>()) {}

Result<std::unique_ptr<DayLog>> DayLog::open(std::shared_ptr<DayFile> file, const DayFileOptions& options,
                                             FileFault& fault) {
  auto database = SqliteFile::open(
      {.path = file->path(), .writable = true, .full_sync = options.full_sync, .vfs = options.vfs}, fault);
  if (!database) return database.error();
  std::unique_ptr<DayLog> log(new DayLog(std::move(file), std::move(*database)));
  SqliteFile& db = *log->database_;
  const auto fail = [&](const Error& error) {
    fault = db.fault() == FileFault::none ? FileFault::corrupt : db.fault();
    db.roll_back();
    return error;
  };
  const Result<std::int64_t> version = db.number_of("PRAGMA user_version");
  if (!version) return fail(version.error());
  if (*version == 0) {
    const std::string make = std::string("BEGIN IMMEDIATE;") + schema + "COMMIT;";
    if (Result<void> made = db.run(make.c_str()); !made) return fail(made.error());
  } else if (*version != 1) {
    return fail(Error{db.path() + " has version " + std::to_string(*version) + "; this program knows version 1"});
  }
  if (db.has_read_only_header()) return fail(Error{db.path() + ": its header says that it must not be written to"});
  const Result<std::int64_t> last = db.number_of("SELECT max(id) FROM batch");
  if (!last) return fail(last.error());
  log->next_batch_ = *last + 1;
  log->begin_generation();
  fault = FileFault::none;
  return log;
}

std::uint32_t DayLog::local_of(std::uint32_t ref, const LabelIndex& index) {
  if (const std::uint32_t local = series_->local_of(ref); local != DaySeries::none) return local;
  Result<LabelSet> set = LabelSet::make(index.labels(ref));
  if (!set) return DaySeries::none;  // removed in the meantime
  new_series_.push_back(std::move(*set));
  return series_->add(ref);
}

void DayLog::encode_staged() {
  if (floats_.empty() && histograms_.empty()) return;
  Bytes content = encode_log_batch(state_, floats_, histograms_);
  waiting_bytes_ += content.size();
  rows_.push_back({next_batch_++, std::move(content)});
  floats_.clear();
  histograms_.clear();
}

Result<void> DayLog::begin() {
  return database_->run("BEGIN IMMEDIATE");
}

Result<void> DayLog::commit() {
  return database_->run("COMMIT");
}

Result<void> DayLog::write_series() {
  if (new_series_.empty()) return {};
  const Bytes content = encode_series(new_series_);
  trim_blob_packer();
  Result<SqliteStatement> insert = database_->prepare("INSERT INTO series VALUES(?,?,?)");
  if (!insert) return insert.error();
  const auto count = static_cast<std::int64_t>(new_series_.size());
  insert->bind(1, static_cast<std::int64_t>(series_->size()) - count).bind(2, count).bind(3, content);
  if (insert->step() != SqliteStatement::Step::done) return database_->error("write series to");
  written_bytes_ += static_cast<std::int64_t>(content.size());
  return {};
}

Result<void> DayLog::write_rows() {
  Result<SqliteStatement> insert = database_->prepare("INSERT INTO batch VALUES(?,?)");
  if (!insert) return insert.error();
  for (const Row& row : rows_) {
    insert->bind(1, row.id).bind(2, row.content);
    if (insert->step() != SqliteStatement::Step::done) return database_->error("write samples to");
    insert->reset();
    written_bytes_ += static_cast<std::int64_t>(row.content.size());
  }
  return {};
}

Result<void> DayLog::write() {
  if (rows_.empty() && new_series_.empty()) return {};
  Result<void> result = begin();
  if (result) result = write_series();
  if (result) result = write_rows();
  if (result) result = commit();
  if (!result) return result;  // the caller asks for the fault, then rolls back
  rows_.clear();
  waiting_bytes_ = 0;
  new_series_ = {};
  return {};
}

Result<void> DayLog::write_blocks(const std::vector<MadeBlock>& blocks) {
  Result<SqliteStatement> insert =
      database_->prepare("INSERT INTO block(series_group, from_ms, to_ms, samples, content) VALUES(?,?,?,?,?)");
  if (!insert) return insert.error();
  for (const MadeBlock& block : blocks) {
    insert->bind(1, block.group).bind(2, block.from).bind(3, block.to);
    insert->bind(4, static_cast<std::int64_t>(block.samples)).bind(5, block.content);
    if (insert->step() != SqliteStatement::Step::done) return database_->error("write blocks to");
    insert->reset();
    written_bytes_ += static_cast<std::int64_t>(block.content.size());
  }
  return {};
}

Result<void> DayLog::seal(const std::vector<MadeBlock>& blocks, std::int64_t last_batch) {
  const DayFile::Change change(*file_);
  Result<void> result = begin();
  if (result) result = write_series();
  if (result) result = write_blocks(blocks);
  if (result) {
    Result<SqliteStatement> remove = database_->prepare("DELETE FROM batch WHERE id<=?");
    if (!remove) return remove.error();
    remove->bind(1, last_batch);
    if (remove->step() != SqliteStatement::Step::done) return database_->error("write to");
    remove->reset();
  }
  if (result) result = commit();
  if (!result) return result;
  sealed_batch_ = last_batch;
  new_series_ = {};
  while (!rows_.empty() && rows_.front().id <= last_batch) {  // what could not be written before is in a block now
    waiting_bytes_ -= rows_.front().content.size();
    rows_.pop_front();
  }
  return {};
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
