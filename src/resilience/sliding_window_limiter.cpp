// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/result.hpp>
#include <bellwether/sliding_window_limiter.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace {

SlidingWindowOptions checked(SlidingWindowOptions options) {
  const char* problem = nullptr;
  if (options.limit < 1 || options.limit > 1'000'000) problem = "limit must lie between 1 and 1,000,000";
  if (options.window <= std::chrono::nanoseconds{0}) problem = "window must be positive";
  if (options.clock == nullptr) problem = "clock is null; leave it out for the machine's clock";
  if (problem != nullptr) throw Exception(Error{std::string("sliding window limiter: ") + problem});
  return options;
}

}  // namespace

SlidingWindowLimiter::SlidingWindowLimiter(SlidingWindowOptions options)
    : options_(checked(options)), passed_(options.limit) {}

void SlidingWindowLimiter::forget(std::chrono::nanoseconds now) noexcept {
  while (count_ > 0 && now - passed_[oldest_] >= options_.window) {
    oldest_ = oldest_ + 1 == passed_.size() ? 0 : oldest_ + 1;
    --count_;
  }
}

bool SlidingWindowLimiter::try_acquire() noexcept {
  const std::scoped_lock lock(mutex_);
  const std::chrono::nanoseconds now = options_.clock->monotonic();  // under the mutex: the ring stays in order
  forget(now);
  if (count_ == passed_.size()) return false;
  const std::size_t end = oldest_ + count_++;
  passed_[end < passed_.size() ? end : end - passed_.size()] = now;
  return true;
}

std::chrono::nanoseconds SlidingWindowLimiter::time_until() noexcept {
  const std::scoped_lock lock(mutex_);
  const std::chrono::nanoseconds now = options_.clock->monotonic();
  forget(now);
  return count_ < passed_.size() ? std::chrono::nanoseconds{0} : options_.window - (now - passed_[oldest_]);
}

std::uint32_t SlidingWindowLimiter::in_window() noexcept {
  const std::scoped_lock lock(mutex_);
  forget(options_.clock->monotonic());
  return static_cast<std::uint32_t>(count_);
}

BELLWETHER_NAMESPACE_END
