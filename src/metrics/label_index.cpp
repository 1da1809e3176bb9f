// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "metrics/label_index.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

LabelIndex::Table::Table(std::size_t capacity)
    : mask(capacity - 1), entries(std::make_unique<std::atomic<std::uint64_t>[]>(capacity)) {}

LabelIndex::LabelIndex(std::size_t capacity) {
  tables_.push_back(std::make_unique<Table>(capacity));
  table_.store(tables_.back().get(), std::memory_order_release);
}

void LabelIndex::place(Table& table, std::uint64_t entry) noexcept {
  std::size_t i = hash_of(entry) & table.mask;
  while (table.entries[i].load(std::memory_order_relaxed) != 0) i = (i + 1) & table.mask;
  table.entries[i].store(entry, std::memory_order_release);
}

void LabelIndex::make_room() {
  const std::size_t capacity = tables_.back()->mask + 1;
  if ((size_ + 1) * 5 <= capacity * 4) return;
  auto larger = std::make_unique<Table>(capacity * 2);
  tables_.reserve(tables_.size() + 1);
  for (std::size_t i = 0; i < capacity; ++i) {
    const std::uint64_t entry = tables_.back()->entries[i].load(std::memory_order_relaxed);
    if (entry != 0) place(*larger, entry);
  }
  tables_.push_back(std::move(larger));
  table_.store(tables_.back().get(), std::memory_order_release);
}

void LabelIndex::insert(std::uint32_t hash, std::uint32_t row) noexcept {
  place(*tables_.back(), std::uint64_t{hash} << 32U | (row + 1));
  ++size_;
}

void LabelIndex::erase(std::uint32_t hash, std::uint32_t row) noexcept {
  Table& table = *tables_.back();
  std::size_t hole = hash & table.mask;
  while (row_of(table.entries[hole].load(std::memory_order_relaxed)) != row) hole = (hole + 1) & table.mask;
  // Close the gap: an entry moves back when the hole lies between its home and itself.
  for (std::size_t i = (hole + 1) & table.mask;; i = (i + 1) & table.mask) {
    const std::uint64_t entry = table.entries[i].load(std::memory_order_relaxed);
    if (entry == 0) break;
    const std::size_t home = hash_of(entry) & table.mask;
    if (((i - home) & table.mask) >= ((i - hole) & table.mask)) {
      table.entries[hole].store(entry, std::memory_order_release);
      hole = i;
    }
  }
  table.entries[hole].store(0, std::memory_order_release);
  --size_;
}

}  // namespace detail
BELLWETHER_NAMESPACE_END
