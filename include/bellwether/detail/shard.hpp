// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/version.hpp>
#include <bit>
#include <cstdint>

// The record path. Each thread owns a region of 8-byte cells and is the only writer of it, so that adding is a load
// and a store: no read-modify-write, no contention, no false sharing. A handle is a slot number, the same in every
// region. Whoever reads a slot sums it over the regions (src/metrics/shard_arena.hpp).

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

using Cell = std::atomic<std::uint64_t>;
using Slot = std::uint32_t;

/// Writes to this slot are read by nobody: it is the slot of default-constructed handles.
inline constexpr Slot null_slot = 0;  // and 1, the bucket of a histogram that was never registered
/// Counts observations that were refused because they are not finite, or negative where only growth makes sense.
inline constexpr Slot refused_slot = 2;

/// The calling thread's cells, or null before its first use of a metric, after its exit, and for threads past the
/// cap, which share one region by atomic adds. Initial-exec: from inside a shared library the default TLS model
/// calls a function for each access and costs four times as much.
extern BELLWETHER_API constinit thread_local Cell* thread_cells __attribute__((tls_model("initial-exec")));

/// One region for all threads: gauges live here, and the sums of threads that own no region.
extern BELLWETHER_API constinit std::atomic<Cell*> shared_cells;

BELLWETHER_API void add_first(Slot slot, std::uint64_t amount) noexcept;
BELLWETHER_API void add_first(Slot slot, double amount) noexcept;

inline void add(Cell& cell, std::uint64_t amount) noexcept {
  cell.store(cell.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}
inline void add(Cell& cell, double amount) noexcept {
  const double sum = std::bit_cast<double>(cell.load(std::memory_order_relaxed)) + amount;
  cell.store(std::bit_cast<std::uint64_t>(sum), std::memory_order_relaxed);
}

template <typename Amount>
inline void add(Slot slot, Amount amount) noexcept {
  Cell* const cells = thread_cells;
  if (cells == nullptr) [[unlikely]] {
    return add_first(slot, amount);
  }
  add(cells[slot], amount);
}

/// Sums over all threads, past and present.
BELLWETHER_API std::uint64_t sum_integer(Slot slot) noexcept;
BELLWETHER_API double sum_double(Slot slot) noexcept;

struct BucketLayout;

/// What a handle is made of.
struct SeriesRef {
  Slot slot = null_slot;
  const BucketLayout* layout = nullptr;
};

}  // namespace detail

/// Gives the calling thread its region now rather than at its first metric: call it in the start-up of a thread
/// whose first order must not wait for an mmap. Later calls do nothing.
///
/// Returns false where the thread must share (over 256 threads at once, or no address space left): its metrics then
/// cost an atomic add.
BELLWETHER_API bool attach_thread() noexcept;

BELLWETHER_NAMESPACE_END
