// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/epochs.hpp"

#include <thread>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

Epochs::~Epochs() {
  for (const Retired& each : retired_) each.free(each.object);
}

Epochs::Guard& Epochs::Guard::operator=(Guard&& other) noexcept {
  if (this != &other) {
    leave();
    slot_ = other.slot_;
    other.slot_ = nullptr;
  }
  return *this;
}

void Epochs::Guard::leave() noexcept {
  if (slot_ != nullptr) slot_->store(0, std::memory_order_release);
  slot_ = nullptr;
}

Epochs::Guard Epochs::enter() {
  for (;;) {
    for (Slot& slot : slots_) {
      std::uint64_t expected = 0;
      if (slot.epoch.load(std::memory_order_relaxed) == 0 &&
          slot.epoch.compare_exchange_strong(expected, epoch_.load(), std::memory_order_seq_cst)) {
        return Guard(&slot.epoch);
      }
    }
    std::this_thread::yield();
  }
}

void Epochs::retire(void* object, Free free, std::size_t bytes) {
  retired_.push_back({object, free, bytes, epoch_.load(std::memory_order_relaxed)});
  waiting_bytes_.fetch_add(bytes, std::memory_order_relaxed);
}

void Epochs::reclaim() {
  if (retired_.empty()) return;
  std::uint64_t oldest = epoch_.fetch_add(1) + 1;
  for (Slot& slot : slots_) {
    // A read-modify-write, so that a reader who takes this slot afterwards has seen all that was published before.
    const std::uint64_t epoch = slot.epoch.fetch_add(0);
    if (epoch != 0 && epoch < oldest) oldest = epoch;
  }
  std::size_t freed = 0;
  while (!retired_.empty() && retired_.front().epoch < oldest) {
    retired_.front().free(retired_.front().object);
    freed += retired_.front().bytes;
    retired_.pop_front();
  }
  waiting_bytes_.fetch_sub(freed, std::memory_order_relaxed);
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
