// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/breaker_permit.hpp>
#include <bellwether/breaker_state.hpp>
#include <bellwether/clock.hpp>
#include <bellwether/random.hpp>
#include <bellwether/registry.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

template <typename Type>
inline constexpr bool is_result = false;
template <typename Type>
inline constexpr bool is_result<Result<Type>> = true;

}  // namespace detail

struct CircuitBreakerOptions {
  std::string name;           ///< label `name`, and in messages; unique in the registry
  std::string provider = {};  ///< label `provider`; empty: the name
  std::string key_id = {};    ///< label `key_id`: which API key, never the key itself. Unique with `provider`

  enum class Window : std::uint8_t { count, time };
  Window window = Window::count;
  std::size_t window_calls = 100;        ///< count window: the last n calls (1 to 1,000,000; a byte each)
  std::chrono::seconds window_time{60};  ///< time window: this second and the n-1 before it (1 s to 1 h)

  std::size_t minimum_calls = 20;  ///< rates are not judged below this (count window: nor above its size)
  double failure_rate = 0.5;       ///< opens at this share of failures, up to 1; 0: not judged
  double slow_call_rate = 0;       ///< opens at this share of slow calls, up to 1; 0: not judged
  std::chrono::nanoseconds slow_call = std::chrono::seconds{1};  ///< a call that took this long is slow
  std::size_t consecutive_failures = 0;  ///< opens at so many in a row, whatever the window holds; 0: not judged

  std::chrono::nanoseconds open_time = std::chrono::seconds{30};  ///< how long the first open state refuses calls
  double open_time_growth = 2;  ///< each further one without a recovery: times this (>= 1)
  std::chrono::nanoseconds max_open_time = std::chrono::minutes{5};  ///< the growth ends here
  double open_time_jitter =
      0.1;  ///< adds up to this share at random, so that a fleet does not come back at once; 0 to 1

  std::size_t half_open_calls = 5;  ///< calls of the trial that decides between closed and open
  /// A trial whose unanswered calls gave no answer for this long has failed: a hanging call cannot hold it up.
  std::chrono::nanoseconds half_open_timeout = std::chrono::seconds{30};

  DroppedPermit dropped_permit = DroppedPermit::ignored;
  /// Called after each transition, on the thread that caused it (a call's, or a scrape's), without a lock; must not throw.
  std::function<void(const BreakerTransition&)> on_transition = {};

  Registry* registry = nullptr;  ///< exports the breaker's own metrics, see <bellwether/circuit_breaker_metrics.hpp>
  const Clock* clock = &Clock::system();
  Random* random = &Random::system();
};

/// Stops calling what does not answer, and finds out with a few calls when it is back.
///
///     CircuitBreaker breaker{{.name = "orders", .provider = "binance", .registry = &registry}};
///
///     Result<Ack> ack = breaker.call([&] { return venue.submit(order); });   // an error counts as a failure
///
///     if (auto permit = breaker.try_acquire()) {                             // the same by hand, with your timestamps
///       const bool ok = venue.submit(order);
///       ok ? permit.success(t1 - t0) : permit.failure(t1 - t0);
///     }
///
/// A result counts only in the state that gave its permit: each transition begins a new generation, and late results of an
/// earlier one are ignored. In half-open the trial ends with its last answer, or as soon as its failure is certain;
/// with `failure_rate` 0 one failure ends it. Time passes lazily: an open breaker becomes half-open with the first call
/// after its open time; a trial's time-out is noticed by the next call, result or scrape.
///
/// Threads: any, all functions. The check through a closed breaker is one relaxed load (`allows`, `try_acquire`); so is
/// `state`. Results are recorded exactly, under one mutex held for some ten nanoseconds; so is every check that does
/// not find the breaker closed. Allocation: in the constructor, and the series of a transition's first time. Only `call` reads the clock in a closed breaker with
/// a count window. Errors: the constructor throws `Exception` for options out of range (never a
/// breaker that silently cannot open) or a metric's name that is taken. The breaker must outlive its permits.
class BELLWETHER_API CircuitBreaker {
 public:
  explicit CircuitBreaker(CircuitBreakerOptions options);
  ~CircuitBreaker();
  CircuitBreaker(const CircuitBreaker&) = delete;
  CircuitBreaker& operator=(const CircuitBreaker&) = delete;

  /// A permit for one call; it is false if the call must not be made.
  BreakerPermit try_acquire() noexcept {
    const std::uint64_t gate = gate_.load(std::memory_order_relaxed);
    if ((gate & state_mask) == static_cast<std::uint64_t>(BreakerState::closed)) [[likely]] {
      return BreakerPermit(this, gate);
    }
    return acquire_slowly();
  }

  /// True if the breaker is closed, disabled or metrics-only. Takes no permit: for pre-checks and routing.
  bool allows() const noexcept {
    const BreakerState now = state();
    return now == BreakerState::closed || exported_value(now) == 0;
  }

  BreakerState state() const noexcept {
    return static_cast<BreakerState>(gate_.load(std::memory_order_relaxed) & state_mask);
  }

  BreakerSnapshot snapshot() const;
  const std::string& name() const noexcept;

  /// Calls `function` if the breaker permits it, and times it. A `Result` with an error, or an exception (which passes on),
  /// is a failure. A refused call is an error that says when to try again.
  template <typename Function>
  auto call(Function&& function) {
    using Returned = std::invoke_result_t<Function>;
    if constexpr (detail::is_result<Returned>) {
      return call_as<Returned>(std::forward<Function>(function),
                               [](const Returned& result) { return result.has_value(); });
    } else {
      return call_as<Result<Returned>>(std::forward<Function>(function), [](const auto&) { return true; });
    }
  }

  // A person's decisions. Each begins a new generation with an empty window.
  void force_open();    ///< refuse all until `close`
  void disable();       ///< let all pass, record nothing
  void metrics_only();  ///< let all pass, record, never open
  void trip();          ///< open now, as if a threshold were reached; changes nothing but closed and half-open
  void close();         ///< back to normal; the growth of the open time starts anew

 private:
  friend class BreakerPermit;
  struct Core;
  enum class Outcome : std::uint8_t { success, failure, ignored };
  static constexpr std::uint64_t state_mask = 7;

  template <typename Answer, typename Function, typename Judge>
  Answer call_as(Function&& function, const Judge& good) {
    BreakerPermit permit = try_acquire();
    if (!permit) return refusal();
    const std::chrono::nanoseconds begin = now();
    try {
      if constexpr (std::is_void_v<std::invoke_result_t<Function>>) {
        std::forward<Function>(function)();
        permit.success(now() - begin);
        return {};
      } else {
        Answer answer(std::forward<Function>(function)());
        good(answer) ? permit.success(now() - begin) : permit.failure(now() - begin);
        return answer;
      }
    } catch (...) {
      permit.failure(now() - begin);
      throw;
    }
  }

  BreakerPermit acquire_slowly() noexcept;
  void record(std::uint64_t gate, Outcome outcome, std::chrono::nanoseconds took) noexcept;
  void drop(std::uint64_t gate) noexcept;
  std::chrono::nanoseconds now() const noexcept;
  Error refusal() const;

  // The gate has a cache line of its own: recording results does not disturb the check.
  alignas(64) std::atomic<std::uint64_t> gate_{0};  // generation << 3 | state
  alignas(64) std::unique_ptr<Core> core_;
};

inline void BreakerPermit::success(std::chrono::nanoseconds took) noexcept {
  if (auto* breaker = std::exchange(breaker_, nullptr)) breaker->record(gate_, CircuitBreaker::Outcome::success, took);
}
inline void BreakerPermit::failure(std::chrono::nanoseconds took) noexcept {
  if (auto* breaker = std::exchange(breaker_, nullptr)) breaker->record(gate_, CircuitBreaker::Outcome::failure, took);
}
inline void BreakerPermit::ignore() noexcept {
  if (auto* breaker = std::exchange(breaker_, nullptr)) breaker->record(gate_, CircuitBreaker::Outcome::ignored, {});
}
inline void BreakerPermit::drop() noexcept {
  if (auto* breaker = std::exchange(breaker_, nullptr)) breaker->drop(gate_);
}

BELLWETHER_NAMESPACE_END
