// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// A hash table that holds ids and nothing else: what an id stands for, and when two are equal, the caller knows. Four to
/// eight bytes an entry, where std::unordered_map takes fifty.
///
/// Threads: use from one, or under a lock.
class IdTable {
 public:
  /// The id of this hash for which `is_it(id)` holds, or `none`.
  template <typename Equal>
  std::uint32_t find(std::uint64_t hash, Equal&& is_it) const {
    if (slots_.empty()) return none;
    for (std::size_t i = hash & mask(); slots_[i] != 0; i = (i + 1) & mask()) {
      if (slots_[i] != erased && is_it(slots_[i] - 1)) return slots_[i] - 1;
    }
    return none;
  }

  /// Requires that it is not there. `hash_of(id)` gives the hash of one that is.
  template <typename HashOf>
  void insert(std::uint64_t hash, std::uint32_t id, HashOf&& hash_of) {
    if ((used_ + 1) * 4 > slots_.size() * 3) grow(hash_of);
    place(hash, id);
    ++used_;
    ++size_;
  }

  void erase(std::uint64_t hash, std::uint32_t id) {
    if (slots_.empty()) return;
    for (std::size_t i = hash & mask(); slots_[i] != 0; i = (i + 1) & mask()) {
      if (slots_[i] != id + 1) continue;
      slots_[i] = erased;
      --size_;
      return;
    }
  }

  std::size_t size() const noexcept { return size_; }
  std::size_t bytes() const noexcept { return slots_.capacity() * sizeof(std::uint32_t); }

  static constexpr std::uint32_t none = 0xffffffff;

 private:
  static constexpr std::uint32_t erased = 0xffffffff;

  std::size_t mask() const noexcept { return slots_.size() - 1; }

  void place(std::uint64_t hash, std::uint32_t id) {
    std::size_t i = hash & mask();
    while (slots_[i] != 0) i = (i + 1) & mask();
    slots_[i] = id + 1;
  }

  template <typename HashOf>
  void grow(HashOf& hash_of) {
    const std::vector<std::uint32_t> before = std::move(slots_);
    std::size_t capacity = 16;
    while (capacity * 3 < (size_ + 1) * 5) capacity *= 2;
    slots_.assign(capacity, 0);
    for (const std::uint32_t slot : before) {
      if (slot != 0 && slot != erased) place(hash_of(slot - 1), slot - 1);
    }
    used_ = size_;
  }

  std::vector<std::uint32_t> slots_;  // id + 1; 0 is free
  std::size_t used_ = 0;              // with erased ones
  std::size_t size_ = 0;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
