// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/block_cache.hpp"

#include "storage/store_files.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

const std::vector<const Block*>& BlockCache::blocks_of(std::uint32_t series, std::int64_t from, std::int64_t to,
                                                       std::vector<std::string>& warnings) {
  ++clock_;
  if (collect(series, from, to, warnings) == Found::moved) {  // once: the file is open from now on, and held
    (void)collect(series, from, to, warnings);
  }
  return found_;
}

BlockCache::Found BlockCache::collect(std::uint32_t series, std::int64_t from, std::int64_t to,
                                      std::vector<std::string>& warnings) {
  found_.clear();
  const std::uint32_t number = series / block_series;
  if ((last_ == nullptr || last_group_ != number) && find_group(number, warnings) == Found::nothing) {
    return Found::nothing;
  }
  Group& group = *last_;
  const GroupRows& rows = *group.rows;
  const auto take = [&](std::size_t part) {
    for (std::size_t i = part == 0 ? 0 : rows.ends[part - 1]; i < rows.ends[part]; ++i) {
      const BlockRow& row = rows.rows[i];
      if (row.to < from || row.from > to) continue;
      Kept& kept = group.blocks[i];
      kept.used = clock_;
      if (kept.block == nullptr && !kept.is_damaged && load(row, kept, warnings) == Found::moved) return Found::moved;
      if (kept.block != nullptr) found_.push_back(kept.block.get());
    }
    return Found::all;
  };
  const Found merged = take(series % block_series / merged_block_series);
  return merged == Found::moved ? merged : take(GroupRows::parts);
}

BlockCache::Found BlockCache::find_group(std::uint32_t number, std::vector<std::string>& warnings) {
  last_ = nullptr;
  if (!has_begun_) {
    has_begun_ = true;
    version_ = file_->version();
  }
  auto found = groups_.find(number);
  if (found == groups_.end()) {
    const bool has_version = version_ % 2 == 0;
    std::shared_ptr<const GroupRows> rows =
        has_version ? files_->shelf().find_rows(file_->serial(), number, version_) : nullptr;
    if (rows == nullptr) {
      if (open(warnings) == Found::nothing) return Found::nothing;  // moved or not: of this series nothing is found yet
      auto read = reader_->rows_of(number);
      if (!read) return failed(read.error(), reader_->file().fault(), warnings);
      rows = std::move(*read);
      if (version_ % 2 == 0) files_->shelf().put_rows(file_->serial(), number, version_, rows);
    }
    const std::size_t count = rows->rows.size();
    found = groups_.emplace(number, Group{std::move(rows), std::vector<Kept>(count)}).first;
  }
  last_ = &found->second;
  last_group_ = number;
  return Found::all;
}

BlockCache::Found BlockCache::load(const BlockRow& row, Kept& kept, std::vector<std::string>& warnings) {
  kept.block = files_->shelf().find(file_->serial(), row.id);
  if (kept.block == nullptr) {
    if (const Found opened = open(warnings); opened != Found::all) return opened;
    auto read = reader_->block(row.id);
    if (!read) return failed(read.error(), reader_->file().fault(), warnings);
    if (!*read) {
      metrics_->corrupt_blocks.inc();
      warnings.push_back(file_->path() + ": block " + std::to_string(row.id) + " is damaged; its samples are missing");
      files_->log(warnings.back());
      kept.is_damaged = true;
      return Found::all;
    }
    kept.block = files_->shelf().put(file_->serial(), row.id, std::make_shared<const Block>(std::move(**read)));
  }
  *held_ += kept.block->bytes();
  if (*held_ > lasting_bytes) passing_.push_back(&kept);
  make_room();
  return Found::all;
}

/// Moved: what was found so far was of another instant, and is forgotten.
BlockCache::Found BlockCache::open(std::vector<std::string>& warnings) {
  if (reader_ != nullptr) return Found::all;
  if (unreadable_) return Found::nothing;
  FileFault fault = FileFault::none;
  auto reader = DayReader::open(file_->path(), file_->vfs(), fault);
  if (!reader) return failed(reader.error(), fault, warnings);
  // From here on it is of one instant, else a block that is merged meanwhile would be missed; the first look makes it so.
  Result<void> held = (*reader)->hold();
  const std::uint64_t before = file_->version();
  if (held) {
    if (const auto looked = (*reader)->file().number_of("SELECT 1 FROM block LIMIT 1"); !looked) held = looked.error();
  }
  if (!held) return failed(held.error(), (*reader)->file().fault(), warnings);
  const std::uint64_t version = file_->version() == before && before % 2 == 0 ? before : no_version;
  reader_ = std::move(*reader);
  if (version == version_ && version != no_version) return Found::all;
  forget();
  version_ = version;
  return Found::moved;
}

void BlockCache::make_room() {
  for (std::size_t left = passing_.size(); left > 0 && *held_ > max_bytes; --left) {
    Kept* const first = passing_.front();
    passing_.pop_front();
    if (first->used == clock_) {
      passing_.push_back(first);  // those of this series are needed
      continue;
    }
    *held_ -= first->block->bytes();
    first->block.reset();
  }
}

void BlockCache::forget() {
  for (const auto& [number, group] : groups_) {
    for (const Kept& kept : group.blocks) *held_ -= kept.block == nullptr ? 0 : kept.block->bytes();
  }
  passing_.clear();
  found_.clear();
  groups_.clear();
  last_ = nullptr;
}

BlockCache::Found BlockCache::failed(const Error& error, FileFault fault, std::vector<std::string>& warnings) {
  warnings.push_back(error.message);
  unreadable_ = true;
  reader_.reset();
  if (fault == FileFault::corrupt) files_->report_corrupt(*file_, error.message);
  return Found::nothing;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
