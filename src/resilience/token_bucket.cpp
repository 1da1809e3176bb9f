// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/result.hpp>
#include <bellwether/token_bucket.hpp>

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace {

const char* problem_with(const TokenBucketOptions& options) {
  if (options.tokens < 1) return "tokens must be at least 1";
  if (options.per < std::chrono::nanoseconds{1} || options.per > std::chrono::hours{1}) {
    return "per must be positive, at most an hour";
  }
  if (options.burst < 1 || options.burst > 1'000'000) return "burst must lie between 1 and a million";
  if (options.clock == nullptr) return "clock is null; leave it out for the machine's clock";
  return nullptr;
}

}  // namespace

TokenBucket::TokenBucket(TokenBucketOptions options) : options_(options) {
  if (const char* problem = problem_with(options)) throw Exception(Error{std::string("token bucket: ") + problem});
  filled_at_ = options.clock->monotonic();
  full_ = options.burst * options.per.count();  // at most 3.6e18: fits
  level_ = full_;
}

void TokenBucket::refill() noexcept {
  const std::chrono::nanoseconds now = options_.clock->monotonic();
  if (now <= filled_at_) return;
  const std::int64_t elapsed = (now - filled_at_).count();
  filled_at_ = now;
  const std::int64_t room = full_ - level_;
  // The product may not fit where the quotient tells that the bucket is full anyway.
  level_ = elapsed > room / options_.tokens ? full_ : level_ + elapsed * options_.tokens;
}

bool TokenBucket::try_take(std::uint32_t count) noexcept {
  if (count > options_.burst) return false;
  const std::scoped_lock lock(mutex_);
  refill();
  const std::int64_t price = count * options_.per.count();
  if (price > level_) return false;
  level_ -= price;
  return true;
}

std::optional<std::chrono::nanoseconds> TokenBucket::time_until(std::uint32_t count) noexcept {
  if (count > options_.burst) return std::nullopt;
  const std::scoped_lock lock(mutex_);
  refill();
  const std::int64_t missing = std::max<std::int64_t>(count * options_.per.count() - level_, 0);
  return std::chrono::nanoseconds{missing / options_.tokens + (missing % options_.tokens == 0 ? 0 : 1)};
}

std::uint32_t TokenBucket::left() noexcept {
  const std::scoped_lock lock(mutex_);
  refill();
  return static_cast<std::uint32_t>(level_ / options_.per.count());
}

BELLWETHER_NAMESPACE_END
