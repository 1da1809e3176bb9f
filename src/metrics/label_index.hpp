// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/version.hpp>
#include <cstdint>
#include <memory>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

/// From the hash of label values to the row of a series: open addressing, linear probing, load at most 4/5.
///
/// Threads: one changes it (under the family's mutex); any number look up meanwhile without waiting. Insertions
/// appear whole. `erase` moves entries: a look-up that may have overlapped one must be repeated under the mutex (the
/// family keeps a version for that). Tables that were outgrown are kept to the end, since a look-up may still
/// be in one: together they are no larger than the current one.
class LabelIndex {
 public:
  static constexpr std::uint32_t none = 0xffffffff;

  LabelIndex() : LabelIndex(16) {}

  /// The first row with this hash for which `matches(row)`; `none` if there is none.
  template <typename Matches>
  std::uint32_t find(std::uint32_t hash, Matches matches) const noexcept {
    const Table* table = table_.load(std::memory_order_acquire);
    for (std::size_t i = hash & table->mask;; i = (i + 1) & table->mask) {
      const std::uint64_t entry = table->entries[i].load(std::memory_order_acquire);
      if (entry == 0) return none;
      if (hash_of(entry) == hash && matches(row_of(entry))) return row_of(entry);
    }
  }

  /// For one more entry. Throws bad_alloc, and then has changed nothing.
  void make_room();
  /// `make_room` must have been called for it.
  void insert(std::uint32_t hash, std::uint32_t row) noexcept;

  /// The row must be there under this hash.
  void erase(std::uint32_t hash, std::uint32_t row) noexcept;

  std::size_t size() const noexcept { return size_; }

 private:
  struct Table {
    explicit Table(std::size_t capacity);
    std::size_t mask;
    std::unique_ptr<std::atomic<std::uint64_t>[]> entries;  // hash << 32 | row + 1; 0 is empty
  };

  explicit LabelIndex(std::size_t capacity);

  static std::uint32_t hash_of(std::uint64_t entry) noexcept { return static_cast<std::uint32_t>(entry >> 32U); }
  static std::uint32_t row_of(std::uint64_t entry) noexcept { return static_cast<std::uint32_t>(entry) - 1; }
  static void place(Table& table, std::uint64_t entry) noexcept;

  std::vector<std::unique_ptr<Table>> tables_;  // the current one last
  std::atomic<Table*> table_;
  std::size_t size_ = 0;
};

}  // namespace detail
BELLWETHER_NAMESPACE_END
