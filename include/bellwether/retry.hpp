// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/random.hpp>
#include <bellwether/registry.hpp>
#include <bellwether/result.hpp>
#include <bellwether/retry_budget.hpp>
#include <bellwether/sleeper.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>

BELLWETHER_NAMESPACE_BEGIN

struct RetryOptions {
  std::string operation;  ///< label `operation`, and in messages

  unsigned max_attempts = 3;  ///< with the first one
  enum class Backoff : std::uint8_t {
    full_jitter,  ///< anything between 0 and the exponential delay: clients that failed together do not return together
    exponential,  ///< the exponential delay itself
  };
  Backoff backoff = Backoff::full_jitter;
  std::chrono::nanoseconds first_delay = std::chrono::milliseconds{100};
  double growth = 2;  ///< each further delay is this many times longer (>= 1)
  std::chrono::nanoseconds max_delay = std::chrono::seconds{10};

  std::chrono::nanoseconds deadline{0};  ///< for all attempts and delays together; 0: none. An attempt is not cut short
  /// A Retry-After beyond this is not waited for: the call fails at once.
  std::chrono::nanoseconds max_retry_after = std::chrono::minutes{5};
  /// Which errors are worth another attempt. Empty: all. A refused or duplicate order is not.
  std::function<bool(const Error&)> retryable = {};
  RetryBudget* budget = nullptr;  ///< shared by all that call the same thing

  Registry* registry = nullptr;  ///< exports `peak_retry_attempts_total{operation}`: attempts after the first
  const Clock* clock = &Clock::system();
  Random* random = &Random::system();
  Sleeper* sleeper = &Sleeper::system();
};

/// What an attempt may say to the retry that makes it.
class RetryAttempt {
 public:
  explicit RetryAttempt(unsigned number) noexcept : number_(number) {}

  unsigned number() const noexcept { return number_; }  ///< 1 for the first
  /// The other side asked for this pause (HTTP's Retry-After): the next attempt does not come earlier.
  void retry_after(std::chrono::nanoseconds pause) noexcept { pause_ = pause; }
  /// This error does not pass: no further attempt.
  void give_up() noexcept { given_up_ = true; }

 private:
  friend class Retry;
  unsigned number_;
  bool given_up_ = false;
  std::optional<std::chrono::nanoseconds> pause_ = {};
};

/// Tries again what failed, with growing pauses.
///
///     Retry retry{{.operation = "fetch_bars", .max_attempts = 5, .deadline = 30s, .registry = &registry}};
///     Result<Bars> bars = retry.run([&](RetryAttempt& attempt) -> Result<Bars> {
///       const Response response = http.get(url);
///       if (response.status == 429) attempt.retry_after(response.retry_after);
///       ...
///     });
///
/// `run` takes a function that returns a `Result`, with or without the parameter. The last error is returned, with the number
/// of attempts and why there was no other. What the function throws passes through at once.
///
/// Only retry what may happen twice: an order needs an id that the venue refuses the second time.
///
/// Threads: any; `run` blocks its caller in the sleeper alone, and holds no lock. Allocation: only the texts of errors. The
/// constructor throws `Exception` for options out of range, or a metric's name that is taken.
class BELLWETHER_API Retry {
 public:
  explicit Retry(RetryOptions options);

  template <typename Function>
  auto run(Function&& function) {
    const std::chrono::nanoseconds begin = start();
    for (unsigned number = 1;; ++number) {
      RetryAttempt attempt(number);
      auto result = invoke(function, attempt);
      if (result) return result;
      if (auto reason = wait_for_next(attempt, result.error(), begin)) {
        return decltype(result)(said(result.error(), number, *reason));
      }
    }
  }

 private:
  template <typename Function>
  static auto invoke(Function& function, RetryAttempt& attempt) {
    if constexpr (std::is_invocable_v<Function&, RetryAttempt&>) {
      return function(attempt);
    } else {
      return function();
    }
  }

  std::chrono::nanoseconds start();
  /// Sleeps until the next attempt; or says why there is none.
  std::optional<std::string> wait_for_next(const RetryAttempt& attempt, const Error& error,
                                           std::chrono::nanoseconds begin);
  std::chrono::nanoseconds delay_after(unsigned attempt);
  Error said(const Error& last, unsigned attempts, const std::string& reason) const;

  RetryOptions options_;
  Counter retries_;
};

BELLWETHER_NAMESPACE_END
