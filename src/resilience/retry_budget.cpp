// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/retry_budget.hpp>

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace {

constexpr std::int64_t one = 1'000'000;

}  // namespace

RetryBudget::RetryBudget(Options options) noexcept
    : share_(options.share > 0 ? static_cast<std::int64_t>(std::min(options.share, 1000.0) * one) : 0),
      capacity_(std::min<std::int64_t>(options.reserve, one) * one),
      saved_(capacity_) {}

void RetryBudget::deposit() noexcept {
  std::int64_t seen = saved_.load(std::memory_order_relaxed);
  while (seen < capacity_ &&
         !saved_.compare_exchange_weak(seen, std::min(seen + share_, capacity_), std::memory_order_relaxed)) {
  }
}

bool RetryBudget::withdraw() noexcept {
  std::int64_t seen = saved_.load(std::memory_order_relaxed);
  while (seen >= one) {
    if (saved_.compare_exchange_weak(seen, seen - one, std::memory_order_relaxed)) return true;
  }
  return false;
}

std::uint32_t RetryBudget::left() const noexcept {
  return static_cast<std::uint32_t>(saved_.load(std::memory_order_relaxed) / one);
}

BELLWETHER_NAMESPACE_END
