// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/block_cache.hpp"

#include <algorithm>

#include "storage/store_files.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

void BlockCache::failed(const Error& error, FileFault fault, std::vector<std::string>& warnings) {
  warnings.push_back(error.message);
  unreadable_ = true;
  reader_.reset();
  if (fault == FileFault::corrupt) files_->report_corrupt(*file_, error.message);
}

bool BlockCache::open(std::vector<std::string>& warnings) {
  if (reader_ != nullptr) return true;
  if (unreadable_) return false;
  FileFault fault = FileFault::none;
  auto reader = DayReader::open(file_->path(), file_->vfs(), fault);
  if (!reader) {
    failed(reader.error(), fault, warnings);
    return false;
  }
  if (Result<void> held = (*reader)->hold(); !held) {  // else a block that is merged meanwhile would be missed
    failed(held.error(), (*reader)->file().fault(), warnings);
    return false;
  }
  reader_ = std::move(*reader);
  return true;
}

const std::vector<BlockRow>* BlockCache::rows_of(std::int64_t group, std::vector<std::string>& warnings) {
  const auto found = rows_.find(group);
  if (found != rows_.end()) return &found->second;
  if (!open(warnings)) return nullptr;
  auto rows = reader_->blocks(group, INT64_MIN, INT64_MAX);
  if (!rows) {
    failed(rows.error(), reader_->file().fault(), warnings);
    return nullptr;
  }
  return &(rows_[group] = std::move(*rows));
}

std::shared_ptr<const Block> BlockCache::block_of(std::int64_t id, std::vector<std::string>& warnings) {
  if (const auto found = blocks_.find(id); found != blocks_.end()) {
    found->second.used = ++clock_;
    return found->second.block;
  }
  if (std::shared_ptr<const Block> shelved = files_->shelf().find(file_->serial(), id)) return keep(id, shelved);
  if (!open(warnings)) return nullptr;
  auto read = reader_->block(id);
  if (!read) {
    failed(read.error(), reader_->file().fault(), warnings);
    return nullptr;
  }
  if (!*read) {
    metrics_->corrupt_blocks.inc();
    warnings.push_back(file_->path() + ": block " + std::to_string(id) + " is damaged; its samples are missing");
    files_->log(warnings.back());
    blocks_[id] = {};  // said once
    return nullptr;
  }
  auto block = std::make_shared<const Block>(std::move(**read));
  files_->shelf().put(file_->serial(), id, block);
  return keep(id, block);
}

std::shared_ptr<const Block> BlockCache::keep(std::int64_t id, const std::shared_ptr<const Block>& block) {
  bytes_ += block->bytes();
  while (bytes_ > max_bytes && !blocks_.empty()) {
    const auto oldest = std::min_element(blocks_.begin(), blocks_.end(),
                                         [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
    if (oldest->second.block != nullptr) bytes_ -= oldest->second.block->bytes();
    blocks_.erase(oldest);
  }
  blocks_[id] = {block, ++clock_};
  return block;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
