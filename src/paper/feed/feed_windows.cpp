// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/feed_windows.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

SlidingCount::SlidingCount(SimTime window) noexcept
    : width_(std::max<SimTime>(window / static_cast<SimTime>(buckets), 1)) {}

void SlidingCount::clear() noexcept {
  first_ = newest_ = 0;
  counts_.fill(0);
}

void SlidingCount::add(SimTime now, std::uint64_t count) noexcept {
  const std::int64_t bucket = bucket_of(now);
  if (first_ == 0) {
    first_ = now;
    newest_ = bucket;
  }
  if (bucket > newest_) {
    if (bucket - newest_ >= static_cast<std::int64_t>(buckets)) {
      counts_.fill(0);
    } else {
      for (std::int64_t i = newest_ + 1; i <= bucket; ++i) counts_[static_cast<std::size_t>(i) % buckets] = 0;
    }
    newest_ = bucket;
  }
  counts_[static_cast<std::size_t>(newest_) % buckets] += count;
}

std::uint64_t SlidingCount::total(SimTime now) const noexcept {
  const std::int64_t oldest = bucket_of(now) - static_cast<std::int64_t>(buckets) + 1;
  const std::int64_t kept = newest_ - static_cast<std::int64_t>(buckets) + 1;
  std::uint64_t sum = 0;
  for (std::int64_t i = std::max({oldest, kept, std::int64_t{0}}); i <= newest_; ++i) {
    sum += counts_[static_cast<std::size_t>(i) % buckets];
  }
  return sum;
}

double SlidingCount::per_second(SimTime now) const noexcept {
  if (first_ == 0) return 0;
  const SimTime newest = std::max(now, newest_ * width_);
  // The window ends at `now` and begins with the oldest bucket that counts.
  const SimTime since = std::max(first_, (bucket_of(newest) - static_cast<std::int64_t>(buckets) + 1) * width_);
  const double seconds = static_cast<double>(newest - since) / static_cast<double>(nanoseconds_per_second);
  return seconds > 0 ? static_cast<double>(total(newest)) / seconds : 0;
}

void ClockOffset::add(SimTime local_time, std::chrono::nanoseconds lag) noexcept {
  const SimTime second = local_time / nanoseconds_per_second;
  if (second != second_) {
    if (second_ != 0) of_second_[closed_++ % kept] = smallest_;
    second_ = second;
    smallest_ = lag.count();
  }
  smallest_ = std::min<std::int64_t>(smallest_, lag.count());
}

std::optional<double> ClockOffset::seconds() const noexcept {
  const std::size_t size = std::min(closed_, kept);
  if (size == 0) return std::nullopt;
  auto sorted = of_second_;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(size / 2);
  std::nth_element(sorted.begin(), middle, sorted.begin() + static_cast<std::ptrdiff_t>(size));
  return static_cast<double>(std::min<std::int64_t>(*middle, 0)) / static_cast<double>(nanoseconds_per_second);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
