// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/retry.hpp>

#include <algorithm>
#include <cmath>

#include "resilience/duration_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace {

using std::chrono::nanoseconds;
constexpr nanoseconds longest = std::chrono::hours{24 * 365};

const char* problem_with(const RetryOptions& options) {
  if (options.operation.empty()) return "operation is empty; messages and metrics need a name";
  if (options.max_attempts < 1) return "max_attempts must be at least 1";
  if (options.first_delay < nanoseconds{0} || options.first_delay > longest)
    return "first_delay must lie between 0 and a year";
  if (!std::isfinite(options.growth) || options.growth < 1) return "growth must be finite and at least 1";
  if (options.max_delay < options.first_delay || options.max_delay > longest) {
    return "max_delay must not be below first_delay, nor above a year";
  }
  if (options.deadline < nanoseconds{0}) return "deadline must not be negative; 0 is none";
  if (options.max_retry_after < nanoseconds{0}) return "max_retry_after must not be negative";
  if (options.clock == nullptr || options.random == nullptr || options.sleeper == nullptr) {
    return "clock, random or sleeper is null; leave it out for the system's";
  }
  return nullptr;
}

}  // namespace

Retry::Retry(RetryOptions options) : options_(std::move(options)) {
  if (const char* problem = problem_with(options_)) {
    throw Exception(Error{"retry \"" + options_.operation + "\": " + problem});
  }
  if (options_.registry == nullptr) return;
  retries_ = options_.registry
                 ->counter<"operation">("peak_retry_attempts_total", "Attempts after the first one of an operation.")
                 .value()
                 .at(options_.operation);
}

nanoseconds Retry::start() {
  if (options_.budget != nullptr) options_.budget->deposit();
  return options_.clock->monotonic();
}

std::optional<std::string> Retry::wait_for_next(const RetryAttempt& attempt, const Error& error, nanoseconds begin) {
  if (attempt.given_up_ || (options_.retryable && !options_.retryable(error))) return "not retryable";
  if (attempt.number() >= options_.max_attempts) return "no attempt left";
  nanoseconds delay = delay_after(attempt.number());
  if (attempt.pause_) {
    if (*attempt.pause_ > options_.max_retry_after) {
      return "the other side asks for a pause of " + resilience::duration_text(*attempt.pause_) + ", more than " +
             resilience::duration_text(options_.max_retry_after);
    }
    delay = std::max(delay, *attempt.pause_);
  }
  if (options_.deadline > nanoseconds{0} && options_.clock->monotonic() - begin >= options_.deadline - delay) {
    return "the next attempt would miss the deadline of " + resilience::duration_text(options_.deadline);
  }
  if (options_.budget != nullptr && !options_.budget->withdraw()) return "the retry budget is used up";
  if (!options_.sleeper->sleep(delay)) return "woken while waiting for the next attempt";
  retries_.inc();
  return std::nullopt;
}

nanoseconds Retry::delay_after(unsigned attempt) {
  const double grown = static_cast<double>(options_.first_delay.count()) * std::pow(options_.growth, attempt - 1);
  const double delay = std::min(grown, static_cast<double>(options_.max_delay.count()));
  const double share = options_.backoff == RetryOptions::Backoff::full_jitter ? options_.random->uniform() : 1;
  return nanoseconds{static_cast<std::int64_t>(delay * share)};
}

Error Retry::said(const Error& last, unsigned attempts, const std::string& reason) const {
  return {options_.operation + " failed after " + std::to_string(attempts) +
          (attempts == 1 ? " attempt (" : " attempts (") + reason + "): " + last.message};
}

BELLWETHER_NAMESPACE_END
