// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/block_shelf.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

BlockShelf::Kept* BlockShelf::use(const Name& name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, found->second);
  found->second->round = round_;
  return &*found->second;
}

void BlockShelf::add(Kept kept) {
  if (kept.bytes > max_bytes_) return;
  if (bytes_ + kept.bytes > max_bytes_) {
    const bool is_lucky = ++newcomers_ % lucky == 0;
    do {
      if (!is_displaced(by_use_.back(), kept, is_lucky)) return;
      drop(std::prev(by_use_.end()));
    } while (bytes_ + kept.bytes > max_bytes_);
  }
  kept.round = round_;
  bytes_ += kept.bytes;
  by_use_.push_front(std::move(kept));
  by_name_[by_use_.front().name] = by_use_.begin();
}

/// Lists of rows are small, and without one even a block that is here is of no use.
bool BlockShelf::is_displaced(const Kept& oldest, const Kept& newcomer, bool is_lucky) const noexcept {
  return is_lucky || newcomer.rows != nullptr || oldest.round + 1 < round_;
}

void BlockShelf::drop(std::list<Kept>::iterator kept) {
  bytes_ -= kept->bytes;
  by_name_.erase(kept->name);
  by_use_.erase(kept);
}

std::shared_ptr<const Block> BlockShelf::find(std::uint64_t file, std::int64_t row) {
  const std::lock_guard lock(mutex_);
  const Kept* const kept = use({file, row, false});
  return kept == nullptr ? nullptr : kept->block;
}

std::shared_ptr<const Block> BlockShelf::put(std::uint64_t file, std::int64_t row, std::shared_ptr<const Block> block) {
  const std::size_t size = block->bytes();
  const std::lock_guard lock(mutex_);
  if (const auto found = by_name_.find({file, row, false}); found != by_name_.end()) return found->second->block;
  add({{file, row, false}, block, nullptr, 0, size, 0});
  return block;
}

std::shared_ptr<const GroupRows> BlockShelf::find_rows(std::uint64_t file, std::uint32_t group, std::uint64_t version) {
  const std::lock_guard lock(mutex_);
  const Kept* const kept = use({file, group, true});
  return kept == nullptr || kept->version != version ? nullptr : kept->rows;
}

void BlockShelf::put_rows(std::uint64_t file, std::uint32_t group, std::uint64_t version,
                          std::shared_ptr<const GroupRows> rows) {
  const std::size_t size = rows->bytes();
  const std::lock_guard lock(mutex_);
  if (const auto found = by_name_.find({file, group, true}); found != by_name_.end()) {
    if (found->second->version >= version) return;
    drop(found->second);
  }
  add({{file, group, true}, nullptr, std::move(rows), version, size, 0});
}

void BlockShelf::drop_idle() {
  const std::lock_guard lock(mutex_);
  ++round_;
  while (!by_use_.empty() && by_use_.back().round + idle_rounds < round_) drop(std::prev(by_use_.end()));
}

std::size_t BlockShelf::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
