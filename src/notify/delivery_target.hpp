// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/circuit_breaker.hpp>
#include <bellwether/token_bucket.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "notify/integration.hpp"
#include "notify/notifier_options.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// How it stands with one integration: what holds messages back from it. Times are wall milliseconds. Threads: one at a time.
class DeliveryTarget {
 public:
  struct Environment {
    const Clock* clock;
    Random* random;
    std::int64_t probe_unauthorized_ms;
  };
  /// Admission of one message: with the permit of the breaker; or when to ask again (0: after the next answer).
  struct Admission {
    bool granted = false;
    std::int64_t again_ms = 0;
    BreakerPermit permit = {};
  };

  DeliveryTarget(std::string name, std::shared_ptr<Integration> integration, DeliveryLimits limits,
                 Environment environment);

  /// After a reload: what was learnt of the other side stays, but for refused credentials.
  void replace(std::shared_ptr<Integration> integration, DeliveryLimits limits);

  Admission admit(bool urgent, std::int64_t now_ms);
  /// What an admitted message came to. True: the credentials are refused for the first time.
  bool answered(const DeliveryResult& result, BreakerPermit permit, std::chrono::nanoseconds took, std::int64_t now_ms);
  /// No answer came in the time of its lease.
  void unanswered(BreakerPermit permit);

  const std::shared_ptr<Integration>& integration() const noexcept { return integration_; }
  bool paused() const noexcept { return paused_; }
  std::uint32_t in_flight() const noexcept { return in_flight_; }
  BreakerState breaker_state() const noexcept { return breaker_->state(); }
  std::int64_t not_before_ms() const noexcept { return not_before_ms_; }

 private:
  void set_limits(const DeliveryLimits& limits);

  std::string name_;
  std::shared_ptr<Integration> integration_;
  DeliveryLimits limits_;
  Environment environment_;
  std::unique_ptr<TokenBucket> bucket_;
  std::unique_ptr<CircuitBreaker> breaker_;
  std::int64_t not_before_ms_ = 0;  // the receiver asked for it
  bool paused_ = false;             // it refuses our credentials
  std::int64_t probe_ms_ = 0;
  std::uint32_t in_flight_ = 0;
};

/// Full jitter: anything from 0 to base · 2^(attempts - 1), at most the cap.
std::int64_t retry_pause_ms(std::uint32_t attempts, const RetryTimes& times, Random& random);

}  // namespace notify
BELLWETHER_NAMESPACE_END
