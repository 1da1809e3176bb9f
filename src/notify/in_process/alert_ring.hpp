// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/version.hpp>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// A ring of a fixed number of places: any number of threads put, one takes. Each place has a turn: 2n means free for the n-th lap,
/// 2n + 1 full. Who puts takes a number and fills its place; nobody waits for anybody, and a full ring says so.
///
/// A thread that stops half way through `put` holds up those behind it until it goes on: nothing is lost, all come in order.
template <typename Slot>
class AlertRing {
 public:
  /// `capacity` is raised to a power of two.
  explicit AlertRing(std::size_t capacity)
      : mask_(std::bit_ceil(capacity < 2 ? std::size_t{2} : capacity) - 1),
        places_(std::make_unique<Place[]>(mask_ + 1)) {}

  /// `fill(slot)` must not throw. False: full.
  template <typename Fill>
  bool put(Fill&& fill) noexcept {
    std::uint64_t number = next_.load(std::memory_order_relaxed);
    for (;;) {
      Place& place = places_[number & mask_];
      const std::uint64_t turn = place.turn.load(std::memory_order_acquire);
      const std::uint64_t free = 2 * (number / (mask_ + 1));
      if (turn == free) {
        if (next_.compare_exchange_weak(number, number + 1, std::memory_order_relaxed)) {
          fill(place.slot);
          place.turn.store(free + 1, std::memory_order_release);
          return true;
        }
      } else if (turn < free) {
        return false;  // of the lap before, and not taken yet
      } else {
        number = next_.load(std::memory_order_relaxed);
      }
    }
  }

  /// `use(slot)`; false: nothing there. One thread.
  template <typename Use>
  bool take(Use&& use) {
    Place& place = places_[taken_ & mask_];
    const std::uint64_t full = 2 * (taken_ / (mask_ + 1)) + 1;
    if (place.turn.load(std::memory_order_acquire) != full) return false;
    use(static_cast<const Slot&>(place.slot));
    place.turn.store(full + 1, std::memory_order_release);
    ++taken_;
    return true;
  }

 private:
  struct Place {
    std::atomic<std::uint64_t> turn{0};
    Slot slot;
  };
  const std::uint64_t mask_;
  const std::unique_ptr<Place[]> places_;
  alignas(64) std::atomic<std::uint64_t> next_{0};
  alignas(64) std::uint64_t taken_ = 0;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
