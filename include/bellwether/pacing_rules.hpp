// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN

/// At most `limit` in any window among those with the same key.
struct PacingRule {
  std::string name;  ///< for messages and metrics
  std::uint32_t limit;
  std::chrono::nanoseconds window;
};

/// Several sliding windows that hold together: a request passes all of them and is counted in all, or in none.
///
///     // Interactive Brokers' limits for historical data
///     PacingRules pacing{{{"identical", 1, 15s}, {"contract", 5, 2s}, {"all", 60, 10min}}};
///     const auto verdict = pacing.try_acquire({request_text, contract, ""});       // a key for each rule
///     if (!verdict.permitted) retry_in(verdict.wait);                               // pacing.rules()[verdict.rule].name
///
/// (Six for one contract within 2 s are the violation, so five pass.) The counting is that of `SlidingWindowLimiter`.
///
/// Threads: any, one mutex. Allocation: times and keys within the windows, no more; what left its window is
/// forgotten with the next requests. Nothing waits for time to pass. Errors: the constructor throws `Exception` for a rule
/// without limit or window; a wrong number of keys is refused with `permitted` false and `wait` negative.
class BELLWETHER_API PacingRules {
 public:
  struct Verdict {
    bool permitted;
    std::size_t rule;               ///< the one that makes it wait the longest; 0 if permitted
    std::chrono::nanoseconds wait;  ///< until all rules would let it pass
  };

  explicit PacingRules(std::vector<PacingRule> rules, const Clock& clock = Clock::system());

  Verdict try_acquire(std::initializer_list<std::string_view> keys);
  const std::vector<PacingRule>& rules() const noexcept { return rules_; }
  /// Keys remembered now, over all rules.
  std::size_t remembered() const;

 private:
  using Times = std::deque<std::chrono::nanoseconds>;
  struct Window {
    std::unordered_map<std::string, Times> by_key;
    std::deque<std::pair<std::chrono::nanoseconds, std::string>>
        order;  // of all that passed: who is to be forgotten next
  };
  void forget(std::chrono::nanoseconds now);

  std::vector<PacingRule> rules_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<Window> windows_;
};

BELLWETHER_NAMESPACE_END
