// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "metrics/announcements.hpp"

#include <bellwether/clock.hpp>
#include <new>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

Announcements& Announcements::process() noexcept {
  alignas(Announcements) static std::byte memory[sizeof(Announcements)];
  static Announcements* const announcements = new (memory) Announcements;
  return *announcements;
}

std::uint64_t Announcements::listen() {
  const std::scoped_lock lock(mutex_);
  ++listeners_;
  return end_;
}

void Announcements::unlisten() {
  --listeners_;
}

void Announcements::add(Slot slot, std::uint64_t bits) noexcept {
  // Who begins to listen at this very moment finds the value in the cell, or was too late.
  if (listeners_.load() == 0) return;
  const std::int64_t now = Clock::system().wall().count();
  const std::scoped_lock lock(mutex_);
  ring_[end_++ % kept] = {slot, bits, now};
}

std::uint64_t Announcements::take(std::uint64_t& position, std::vector<Announcement>& out) {
  out.reserve(out.size() + kept);  // nobody who announces waits for memory
  const std::scoped_lock lock(mutex_);
  const std::uint64_t lost = end_ - position > kept ? end_ - position - kept : 0;
  for (position += lost; position != end_; ++position) out.push_back(ring_[position % kept]);
  return lost;
}

void announce(const Cell* cell, std::uint64_t bits) noexcept {
  if (cell == &null_cell) return;
  const Cell* const first = shared_cells.load(std::memory_order_relaxed);
  Announcements::process().add(static_cast<Slot>(cell - first), bits);
}

}  // namespace detail
BELLWETHER_NAMESPACE_END
