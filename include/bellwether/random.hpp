// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/version.hpp>
#include <cstdint>

BELLWETHER_NAMESPACE_BEGIN

/// Where chance comes from. All that jitters takes one, so that a test can foretell what happens.
///
/// Threads: implementations answer any thread. The call neither allocates, blocks nor throws.
class BELLWETHER_API Random {
 public:
  virtual ~Random() = default;

  /// Uniform in [0, 1).
  virtual double uniform() noexcept = 0;

  /// One for the process, seeded by the system.
  static Random& system() noexcept;
};

/// The same numbers for the same seed (SplitMix64): for spreading load and for tests, not for secrets.
///
///     SeededRandom random{42};
///     RetryOptions options{.operation = "fetch_bars", .random = &random};
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) noexcept : state_(seed) {}

  double uniform() noexcept override {
    constexpr std::uint64_t step = 0x9e3779b97f4a7c15;
    std::uint64_t bits = state_.fetch_add(step, std::memory_order_relaxed) + step;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    bits ^= bits >> 31;
    return static_cast<double>(bits >> 11) * 0x1p-53;
  }

 private:
  std::atomic<std::uint64_t> state_;
};

BELLWETHER_NAMESPACE_END
