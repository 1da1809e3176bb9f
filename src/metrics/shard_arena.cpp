// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "metrics/shard_arena.hpp"

#include <bellwether/gauge.hpp>  // null_cell: without its declaration the definition would be hidden

#include <sys/mman.h>

#include <new>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

constinit thread_local Cell* thread_cells = nullptr;
constinit Cell null_cell{0};

namespace {

constexpr std::size_t region_bytes = std::size_t{ShardArena::capacity} * sizeof(Cell);
constexpr std::size_t resting_slots = 4096;

/// Serves when not even the shared region can be mapped: recording goes on, registering fails with an error.
constexpr std::uint32_t spare_capacity = 8;
constinit std::array<Cell, spare_capacity> spare_cells{};

Cell* map_region() noexcept {
  void* memory =
      ::mmap(nullptr, region_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  // A huge page would cost 2 MiB a thread for the first counter.
  ::madvise(memory, region_bytes, MADV_NOHUGEPAGE);
  return static_cast<Cell*>(memory);  // zero bytes are zero cells
}

enum class Attachment : std::uint8_t { none, owner, sharer, exited };
constinit thread_local Attachment attachment = Attachment::none;

struct ParkAtThreadExit {
  Cell* cells = nullptr;
  ~ParkAtThreadExit() {
    attachment = Attachment::exited;
    thread_cells = nullptr;
    if (cells != nullptr) ShardArena::process().park(cells);
  }
};

}  // namespace

constinit std::atomic<Cell*> shared_cells{spare_cells.data()};

ShardArena& ShardArena::process() noexcept {
  alignas(ShardArena) static std::byte storage[sizeof(ShardArena)];
  static ShardArena* const arena = new (storage) ShardArena;
  return *arena;
}

ShardArena::ShardArena() noexcept : shared_(map_region()) {
  if (shared_ == nullptr) {
    shared_ = spare_cells.data();
    capacity_ = spare_capacity;
  }
  shared_cells.store(shared_, std::memory_order_relaxed);
}

Slot ShardArena::allocate(std::uint32_t count) {
  const std::scoped_lock lock(mutex_);
  const bool full = count > capacity_ - next_;
  if (const auto found = resting_.find(count); found != resting_.end()) {
    std::deque<Slot>& slots = found->second;
    if (!slots.empty() && (full || slots.size() * count > resting_slots)) {
      const Slot first = slots.front();
      slots.pop_front();
      clear(first, count);
      return first;
    }
  }
  if (full) return null_slot;
  const Slot first = next_;
  next_ += count;
  return first;
}

void ShardArena::release(Slot first, std::uint32_t count) {
  const std::scoped_lock lock(mutex_);
  resting_[count].push_back(first);
}

void ShardArena::clear(Slot first, std::uint32_t count) noexcept {
  const auto clear_in = [&](Cell* cells) {
    for (Slot slot = first; slot < first + count; ++slot) {
      // Reading an untouched page costs nothing, writing would give it memory.
      if (cells[slot].load(std::memory_order_relaxed) != 0) cells[slot].store(0, std::memory_order_relaxed);
    }
  };
  clear_in(shared_);
  const std::size_t regions = region_count_.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < regions; ++i) clear_in(regions_[i]);
}

Cell* ShardArena::attach() noexcept {
  const std::scoped_lock lock(mutex_);
  if (!parked_.empty()) {
    Cell* const cells = parked_.front();
    parked_.pop_front();
    return cells;
  }
  const std::size_t count = region_count_.load(std::memory_order_relaxed);
  if (count == max_threads || capacity_ != capacity) return nullptr;
  Cell* const cells = map_region();
  if (cells == nullptr) return nullptr;
  regions_[count] = cells;
  region_count_.store(count + 1, std::memory_order_release);
  return cells;
}

void ShardArena::park(Cell* cells) noexcept {
  const std::scoped_lock lock(mutex_);
  try {
    parked_.push_back(cells);
  } catch (const std::bad_alloc&) {
    // The region keeps its values and is summed as before; it is only not adopted again.
    return;
  }
}

void add_first(Slot slot, std::uint64_t amount) noexcept {
  if (attach_thread()) return add(thread_cells[slot], amount);
  ShardArena::process().shared(slot).fetch_add(amount, std::memory_order_relaxed);
}

void add_first(Slot slot, double amount) noexcept {
  if (attach_thread()) return add(thread_cells[slot], amount);
  Cell& cell = ShardArena::process().shared(slot);
  std::uint64_t seen = cell.load(std::memory_order_relaxed);
  while (!cell.compare_exchange_weak(seen, std::bit_cast<std::uint64_t>(std::bit_cast<double>(seen) + amount),
                                     std::memory_order_relaxed)) {
  }
}

std::uint64_t sum_integer(Slot slot) noexcept {
  return ShardArena::process().sum_integer(slot);
}
double sum_double(Slot slot) noexcept {
  return ShardArena::process().sum_double(slot);
}

}  // namespace detail

bool attach_thread() noexcept {
  using detail::Attachment;
  if (detail::thread_cells != nullptr) return true;
  if (detail::attachment != Attachment::none) return false;
  static thread_local detail::ParkAtThreadExit park_at_thread_exit;
  detail::Cell* const cells = detail::ShardArena::process().attach();
  park_at_thread_exit.cells = cells;
  detail::thread_cells = cells;
  detail::attachment = cells != nullptr ? Attachment::owner : Attachment::sharer;
  return cells != nullptr;
}

BELLWETHER_NAMESPACE_END
