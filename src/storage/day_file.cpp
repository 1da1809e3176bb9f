// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/day_file.hpp"

#include <cstdio>
#include <ctime>

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
constexpr std::int64_t application_id = 0x42577473;

Bytes owned(ByteView view) {
  return {view.begin(), view.end()};
}

}  // namespace

std::string day_file_name(std::int64_t day) {
  const std::time_t seconds = day * 86'400;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char name[64];
  std::snprintf(name, sizeof(name), "%04d-%02d-%02d.sqlite", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
  return name;
}

std::optional<std::int64_t> day_of_file_name(const std::string& name) {
  std::tm parts{};
  if (name.size() != 17 ||
      std::sscanf(name.c_str(), "%4d-%2d-%2d", &parts.tm_year, &parts.tm_mon, &parts.tm_mday) != 3) {
    return std::nullopt;
  }
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  const std::int64_t day = day_of(static_cast<std::int64_t>(timegm(&parts)) * 1000);
  if (day_file_name(day) != name) return std::nullopt;  // the 31st of February, another ending
  return day;
}

std::uint32_t DaySeries::local_of(std::uint32_t ref) const {
  const std::shared_lock lock(mutex_);
  return ref < local_by_ref_.size() ? local_by_ref_[ref] : none;
}

std::uint32_t DaySeries::ref_of(std::uint32_t local) const {
  const std::shared_lock lock(mutex_);
  return local < ref_by_local_.size() ? ref_by_local_[local] : none;
}

std::uint32_t DaySeries::add(std::uint32_t ref) {
  const std::unique_lock lock(mutex_);
  const auto local = static_cast<std::uint32_t>(ref_by_local_.size());
  ref_by_local_.push_back(ref);
  if (local_by_ref_.size() <= ref) local_by_ref_.resize(ref + std::size_t{1}, none);
  local_by_ref_[ref] = local;
  return local;
}

std::uint32_t DaySeries::size() const {
  const std::shared_lock lock(mutex_);
  return static_cast<std::uint32_t>(ref_by_local_.size());
}

Result<std::unique_ptr<DayReader>> DayReader::open(const std::string& path, const std::string& vfs, FileFault& fault) {
  auto file = SqliteFile::open({.path = path, .vfs = vfs}, fault);
  if (!file) return file.error();
  const Result<std::int64_t> id = (*file)->number_of("PRAGMA application_id");
  if (!id) {
    fault = (*file)->fault();
    return id.error();
  }
  const Result<std::int64_t> version = (*file)->number_of("PRAGMA user_version");
  if (!version) return version.error();
  if (*id != application_id || *version != 1) {
    // Both 0: its writer is about to make the tables, or was killed before.
    fault = *id == 0 && *version == 0 ? FileFault::other : FileFault::corrupt;
    return Error{path + " is not a Bellwether day of version 1 (application_id " + std::to_string(*id) +
                 ", user_version " + std::to_string(*version) + ")"};
  }
  return std::unique_ptr<DayReader>(new DayReader(std::move(*file)));
}

Result<std::vector<LabelSet>> DayReader::series() {
  Result<SqliteStatement> all = file_->prepare("SELECT first_id, content FROM series ORDER BY first_id");
  if (!all) return all.error();
  std::vector<LabelSet> out;
  for (;;) {
    const SqliteStatement::Step step = all->step();
    if (step == SqliteStatement::Step::failed) return file_->error("read");
    if (step == SqliteStatement::Step::done) return out;
    if (all->integer(0) != static_cast<std::int64_t>(out.size()) || !decode_series(all->blob(1), out)) {
      return Error{file_->path() + ": the series from number " + std::to_string(out.size()) + " on are damaged"};
    }
  }
}

Result<std::vector<BlockRow>> DayReader::blocks(std::int64_t group, std::int64_t from, std::int64_t to) {
  Result<SqliteStatement> rows = file_->prepare(
      "SELECT id, from_ms, to_ms FROM block WHERE series_group=? AND from_ms<=? AND to_ms>=? ORDER BY id");
  if (!rows) return rows.error();
  rows->bind(1, group).bind(2, to).bind(3, from);
  std::vector<BlockRow> out;
  for (;;) {
    const SqliteStatement::Step step = rows->step();
    if (step == SqliteStatement::Step::failed) return file_->error("read");
    if (step == SqliteStatement::Step::done) return out;
    out.push_back({rows->integer(0), rows->integer(1), rows->integer(2)});
  }
}

Result<std::optional<Block>> DayReader::block(std::int64_t id) {
  Result<SqliteStatement> row = file_->prepare("SELECT content FROM block WHERE id=?");
  if (!row) return row.error();
  row->bind(1, id);
  if (row->step() != SqliteStatement::Step::row) return file_->error("read");
  return Block::open(row->blob(0));
}

Result<std::vector<Bytes>> DayReader::log() {
  Result<SqliteStatement> rows = file_->prepare("SELECT content FROM batch ORDER BY id");
  if (!rows) return rows.error();
  std::vector<Bytes> out;
  for (;;) {
    const SqliteStatement::Step step = rows->step();
    if (step == SqliteStatement::Step::failed) return file_->error("read");
    if (step == SqliteStatement::Step::done) return out;
    out.push_back(owned(rows->blob(0)));
  }
}

DayFile::DayFile(std::int64_t day, const DayFileOptions& options)
    : day_(day), path_(options.directory + "/" + day_file_name(day)), vfs_(options.vfs) {}

Result<std::shared_ptr<const LabelIndex>> DayFile::index(FileFault& fault) {
  fault = FileFault::none;
  const std::lock_guard lock(mutex_);
  if (index_ != nullptr) return index_;
  auto reader = DayReader::open(path_, vfs_, fault);
  if (!reader) return reader.error();
  auto series = (*reader)->series();
  if (!series) {
    fault = (*reader)->file().fault() == FileFault::other ? FileFault::other : FileFault::corrupt;
    return series.error();
  }
  auto index = std::make_shared<LabelIndex>();
  for (std::uint32_t i = 0; i < series->size(); ++i) {
    if (index->add((*series)[i]) != i) {
      fault = FileFault::corrupt;
      return Error{path_ + ": the series " + (*series)[i].to_string() + " stands twice"};
    }
  }
  index_ = std::move(index);
  return index_;
}

void DayFile::forget_index() {
  const std::lock_guard lock(mutex_);
  index_.reset();
}

std::shared_ptr<DaySeries> DayFile::open_series() const {
  const std::lock_guard lock(mutex_);
  return open_series_;
}

void DayFile::set_open_series(std::shared_ptr<DaySeries> series) {
  const std::lock_guard lock(mutex_);
  open_series_ = std::move(series);
  index_.reset();
}

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
  new_series_.clear();
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
  new_series_.clear();
  while (!rows_.empty() && rows_.front().id <= last_batch) {  // what could not be written before is in a block now
    waiting_bytes_ -= rows_.front().content.size();
    rows_.pop_front();
  }
  return {};
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
