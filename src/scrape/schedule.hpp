// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Which target is to be asked when. Each has its place in the interval, by a number that is its own: the wall time of its scrapes
/// modulo the interval is always that. So they spread evenly, and a restart keeps their places.
///
///     schedule.add(id, target.hash() ^ seed, interval);
///     while (auto due = schedule.take_due()) ask(due->id, due->time_ms);
///     wait_until(schedule.next());
///
/// Time runs by the monotonic clock. When the wall clock is set, the samples' times follow at once and the pace stays.
/// Threads: one at a time.
class Schedule {
 public:
  explicit Schedule(const Clock& clock);

  struct Due {
    std::uint64_t id = 0;
    /// Of the samples: the scheduled time where we are not later than the tolerance, for then the times of a series differ by the
    /// same interval again and again and cost no bits; else the time now.
    std::int64_t time_ms = 0;
    std::chrono::nanoseconds late{};
  };

  /// From the next of its places on. An id that is there already is moved.
  void add(std::uint64_t id, std::uint64_t place, std::chrono::milliseconds interval);
  void remove(std::uint64_t id);

  /// The next that is due by now. It is entered again for its next place; places that went by meanwhile are left out.
  std::optional<Due> take_due();
  /// When that will be, in the time of Clock::monotonic(); nothing when there is no target.
  std::optional<std::chrono::nanoseconds> next();

  static std::chrono::milliseconds tolerance(std::chrono::milliseconds interval);

 private:
  struct Entry {
    std::chrono::nanoseconds due;
    std::uint64_t id;
    std::uint32_t generation;
    std::chrono::milliseconds interval;
    bool operator>(const Entry& other) const { return due > other.due; }
  };
  void drop_outdated();
  bool is_current(const Entry& entry) const;
  std::int64_t sample_time(const Entry& entry, std::chrono::nanoseconds now);

  const Clock* clock_;
  std::chrono::nanoseconds wall_offset_;  // wall minus monotonic
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap_;
  std::vector<std::uint32_t> generations_;  // by id; odd: scheduled
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
