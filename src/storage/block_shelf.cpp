// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/block_shelf.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

std::shared_ptr<const Block> BlockShelf::find(std::uint64_t file, std::int64_t row) {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find({file, row});
  if (found == by_name_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, found->second);
  found->second->round = round_;
  return found->second->block;
}

void BlockShelf::put(std::uint64_t file, std::int64_t row, std::shared_ptr<const Block> block) {
  const std::size_t size = block->bytes();
  if (size > max_bytes_) return;
  const std::lock_guard lock(mutex_);
  const auto [place, is_new] = by_name_.try_emplace({file, row});
  if (!is_new) return;  // another query was faster
  by_use_.push_front({{file, row}, std::move(block), round_});
  place->second = by_use_.begin();
  bytes_ += size;
  while (bytes_ > max_bytes_) drop_last();
}

void BlockShelf::drop_idle() {
  const std::lock_guard lock(mutex_);
  ++round_;
  while (!by_use_.empty() && by_use_.back().round + idle_rounds < round_) drop_last();
}

std::size_t BlockShelf::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

void BlockShelf::drop_last() {
  bytes_ -= by_use_.back().block->bytes();
  by_name_.erase(by_use_.back().name);
  by_use_.pop_back();
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
