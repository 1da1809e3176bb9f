// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/schedule.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

namespace {

/// A clock that has been set differs at once by more; what NTP does slowly moves both clocks.
constexpr milliseconds clock_step{1};

}  // namespace

Schedule::Schedule(const Clock& clock) : clock_(&clock), wall_offset_(clock.wall() - clock.monotonic()) {}

milliseconds Schedule::tolerance(milliseconds interval) {
  return std::clamp(interval / 100, milliseconds{1}, milliseconds{2});
}

void Schedule::add(std::uint64_t id, std::uint64_t place, milliseconds interval) {
  if (id >= generations_.size()) generations_.resize(id + 1, 0);
  generations_[id] += (generations_[id] % 2 == 0) ? 1 : 2;
  const nanoseconds now = clock_->monotonic();
  // Whole milliseconds, since that is what samples bear.
  const auto length = std::max<std::int64_t>(1, interval.count());
  const std::int64_t wall = duration_cast<milliseconds>(now + wall_offset_).count();
  const auto wanted = static_cast<std::int64_t>(place % static_cast<std::uint64_t>(length));
  std::int64_t wait = (wanted - wall % length) % length;
  if (wait <= 0) wait += length;
  const nanoseconds due = milliseconds{wall + wait} - wall_offset_;
  heap_.push({due, id, generations_[id], milliseconds{length}});
}

void Schedule::remove(std::uint64_t id) {
  if (id < generations_.size() && generations_[id] % 2 == 1) ++generations_[id];
}

bool Schedule::is_current(const Entry& entry) const {
  return generations_[entry.id] == entry.generation;
}

void Schedule::drop_outdated() {
  while (!heap_.empty() && !is_current(heap_.top())) heap_.pop();
}

std::optional<nanoseconds> Schedule::next() {
  drop_outdated();
  if (heap_.empty()) return std::nullopt;
  return heap_.top().due;
}

std::int64_t Schedule::sample_time(const Entry& entry, nanoseconds now) {
  const nanoseconds wall = clock_->wall();
  const nanoseconds offset = wall - now;
  const nanoseconds step = offset - wall_offset_;
  if (step > clock_step || step < -clock_step) wall_offset_ = offset;
  const nanoseconds planned = entry.due + wall_offset_;
  const nanoseconds late = now - entry.due;
  return duration_cast<milliseconds>(late <= tolerance(entry.interval) ? planned : wall).count();
}

std::optional<Schedule::Due> Schedule::take_due() {
  drop_outdated();
  const nanoseconds now = clock_->monotonic();
  if (heap_.empty() || heap_.top().due > now) return std::nullopt;
  Entry entry = heap_.top();
  heap_.pop();
  const Due due{entry.id, sample_time(entry, now), now - entry.due};
  entry.due += entry.interval * (1 + (now - entry.due) / entry.interval);
  heap_.push(entry);
  return due;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
