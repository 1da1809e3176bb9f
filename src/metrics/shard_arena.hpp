// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <bellwether/detail/shard.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

/// All cells of the process: a region for each recording thread and one that is shared. Slots are handed out here.
///
/// A region is 64 MiB of address space of which only touched pages cost memory. When a thread exits, its region is
/// parked with its values and adopted whole by the next new thread: nothing is merged, so nothing can race or be lost.
///
/// Threads: any. Allocating, releasing, attaching and detaching take a mutex; summing takes none.
class ShardArena {
 public:
  static constexpr std::uint32_t capacity = 8U << 20U;
  static constexpr std::size_t max_threads = 256;

  /// Lives to the end of the process and beyond all destructors: threads may record while statics are destroyed.
  static ShardArena& process() noexcept;

  /// `count` contiguous slots, all zero; `null_slot` when none are left.
  Slot allocate(std::uint32_t count);

  /// The slots rest, and are handed out again only after many others: a stale handle seldom meets their next owner.
  void release(Slot first, std::uint32_t count);

  /// Sets the slots to zero in all regions. Nobody may be recording to them.
  void clear(Slot first, std::uint32_t count) noexcept;

  /// A region for the calling thread, null when there is none to be had.
  Cell* attach() noexcept;
  void park(Cell* cells) noexcept;

  std::uint64_t sum_integer(Slot slot) const noexcept {
    std::uint64_t sum = shared_[slot].load(std::memory_order_relaxed);
    const std::size_t count = region_count_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < count; ++i) sum += regions_[i][slot].load(std::memory_order_relaxed);
    return sum;
  }

  double sum_double(Slot slot) const noexcept {
    double sum = std::bit_cast<double>(shared_[slot].load(std::memory_order_relaxed));
    const std::size_t count = region_count_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < count; ++i) {
      sum += std::bit_cast<double>(regions_[i][slot].load(std::memory_order_relaxed));
    }
    return sum;
  }

  Cell& shared(Slot slot) const noexcept { return shared_[slot]; }

 private:
  ShardArena() noexcept;

  static constexpr Slot first_free = 8;  // below: null_slot and what it needs, refused_slot

  Cell* shared_;
  std::uint32_t capacity_ = capacity;
  std::array<Cell*, max_threads> regions_{};
  std::atomic<std::size_t> region_count_{0};

  std::mutex mutex_;
  std::deque<Cell*> parked_;
  Slot next_ = first_free;
  std::map<std::uint32_t, std::deque<Slot>> resting_;  // by count
};

}  // namespace detail
BELLWETHER_NAMESPACE_END
