// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/day_file.hpp"

#include <cstdio>
#include <ctime>

#include "storage/series_blob.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

std::atomic<std::uint64_t> next_serial{1};

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

std::vector<std::uint32_t> DaySeries::locals_of(std::span<const std::uint32_t> refs) const {
  std::vector<std::uint32_t> out;
  out.reserve(refs.size());
  const std::shared_lock lock(mutex_);
  for (const std::uint32_t ref : refs) out.push_back(ref < local_by_ref_.size() ? local_by_ref_[ref] : none);
  return out;
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

Result<std::shared_ptr<const GroupRows>> DayReader::rows_of(std::uint32_t group) {
  const auto out = std::make_shared<GroupRows>();
  Result<SqliteStatement> rows = file_->prepare(
      "SELECT id, from_ms, to_ms, series_group FROM block WHERE series_group BETWEEN ? AND ? ORDER BY series_group "
      "DESC, id");
  if (!rows) return rows.error();
  const std::uint32_t first = group * block_series;
  const auto add = [&](std::int64_t least, std::int64_t greatest, auto&& part_of) {
    rows->bind(1, least).bind(2, greatest);
    for (;;) {
      const SqliteStatement::Step step = rows->step();
      if (step == SqliteStatement::Step::failed) return false;
      if (step == SqliteStatement::Step::done) break;
      out->rows.push_back({rows->integer(0), rows->integer(1), rows->integer(2)});
      for (std::size_t i = part_of(rows->integer(3)); i <= GroupRows::parts; ++i) ++out->ends[i];
    }
    rows->reset();
    return true;
  };
  const bool good = add(merged_group(first + block_series - 1), merged_group(first),
                        [&](std::int64_t found) { return static_cast<std::size_t>(merged_group(first) - found); }) &&
                    add(group, group, [](std::int64_t) { return std::size_t{GroupRows::parts}; });
  if (!good) return file_->error("read");
  return std::shared_ptr<const GroupRows>(out);
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
    : day_(day),
      serial_(next_serial.fetch_add(1, std::memory_order_relaxed)),
      path_(options.directory + "/" + day_file_name(day)),
      vfs_(options.vfs) {}

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

}  // namespace storage
BELLWETHER_NAMESPACE_END
