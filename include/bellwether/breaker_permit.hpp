// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN

class CircuitBreaker;

/// What a permit counts as that ends without a result. While an exception is in flight it is always a failure.
enum class DroppedPermit : std::uint8_t {
  ignored,  ///< as if the call had not been made
  failure,
};

/// The right to make one call through a `CircuitBreaker`, and the duty to say how it went. Whatever happens to it, it is
/// given back: by a result, by `ignore` (the call was not made, or says nothing about the other side), by its end.
/// Only the first result counts.
///
/// `took` is the call's duration, which makes it slow or not; leave it out if slow calls are not judged.
///
/// Threads: a value, which may be moved to the thread that sees the answer. The breaker must outlive it.
/// Include <bellwether/circuit_breaker.hpp>.
class [[nodiscard]] BreakerPermit {
 public:
  BreakerPermit() noexcept = default;
  BreakerPermit(BreakerPermit&& other) noexcept
      : breaker_(std::exchange(other.breaker_, nullptr)), gate_(other.gate_) {}
  BreakerPermit& operator=(BreakerPermit&& other) noexcept {
    if (this != &other) {
      drop();
      breaker_ = std::exchange(other.breaker_, nullptr);
      gate_ = other.gate_;
    }
    return *this;
  }
  ~BreakerPermit() {
    if (breaker_ != nullptr) drop();
  }

  /// The call may be made, and its result is still awaited.
  explicit operator bool() const noexcept { return breaker_ != nullptr; }

  void success(std::chrono::nanoseconds took = {}) noexcept;
  void failure(std::chrono::nanoseconds took = {}) noexcept;
  void ignore() noexcept;

 private:
  friend class CircuitBreaker;
  BreakerPermit(CircuitBreaker* breaker, std::uint64_t gate) noexcept : breaker_(breaker), gate_(gate) {}
  void drop() noexcept;

  CircuitBreaker* breaker_ = nullptr;
  std::uint64_t gate_ = 0;
};

BELLWETHER_NAMESPACE_END
