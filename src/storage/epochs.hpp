// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Lets readers walk structures that the writer replaces: what was replaced is freed when no reader is left that may have
/// seen it.
///
///     Epochs::Guard guard = epochs.enter();              // a reader; as long as it holds pointers
///     const Tail* tail = series.tail.load(acquire);
///
///     series.tail.store(next, release);                  // the writer
///     epochs.retire(before, [](void* p) { delete static_cast<Tail*>(p); });
///
/// Threads: any number read, up to `slots` at a time (a further one waits for one of these, never for the writer). Retiring
/// and reclaiming are the writer's, under whatever lock makes it one. Blocking: the writer never.
class Epochs {  // NOLINT(clang-analyzer-optin.performance.Padding): a cache line for each reader
 public:
  static constexpr std::size_t slots = 64;

  class Guard {
   public:
    Guard() = default;
    Guard(Guard&& other) noexcept : slot_(other.slot_) { other.slot_ = nullptr; }
    Guard& operator=(Guard&& other) noexcept;
    ~Guard() { leave(); }

   private:
    friend class Epochs;
    explicit Guard(std::atomic<std::uint64_t>* slot) noexcept : slot_(slot) {}
    void leave() noexcept;
    std::atomic<std::uint64_t>* slot_ = nullptr;
  };

  Epochs() = default;
  ~Epochs();
  Epochs(const Epochs&) = delete;
  Epochs& operator=(const Epochs&) = delete;

  Guard enter();

  using Free = void (*)(void*);
  void retire(void* object, Free free, std::size_t bytes);
  /// Frees what no reader can hold any more.
  void reclaim();

  /// Replaced, but held by readers.
  std::size_t waiting_bytes() const noexcept { return waiting_bytes_.load(std::memory_order_relaxed); }

 private:
  struct Retired {
    void* object;
    Free free;
    std::size_t bytes;
    std::uint64_t epoch;
  };
  struct alignas(64) Slot {
    std::atomic<std::uint64_t> epoch{0};  // 0: free
  };

  std::atomic<std::uint64_t> epoch_{1};
  std::array<Slot, slots> slots_;
  std::deque<Retired> retired_;
  std::atomic<std::size_t> waiting_bytes_{0};
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
