// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/histogram.hpp>
#include <bellwether/stopwatch.hpp>

BELLWETHER_NAMESPACE_BEGIN

/// Observes how long a scope took, however it is left.
///
///     void Database::query() {
///       TimedScope timed{query_seconds};
///       …
///     }
///
/// Threads: a value of one thread. Cost: two readings of the time and one observation.
class [[nodiscard]] TimedScope {
 public:
  explicit TimedScope(DurationHistogram histogram) noexcept : histogram_(histogram) {}
  TimedScope(const TimedScope&) = delete;
  TimedScope& operator=(const TimedScope&) = delete;
  ~TimedScope() { histogram_.observe(watch_.elapsed()); }

 private:
  DurationHistogram histogram_;
  Stopwatch watch_;
};

/// Calls `function`, observes how long it took, gives back what it gave.
///
///     auto rows = timed(request_seconds.at("database_query"), [&] { return database.query(sql); });
template <typename Function>
decltype(auto) timed(DurationHistogram histogram, Function&& function) {
  const TimedScope scope{histogram};
  return std::forward<Function>(function)();
}

BELLWETHER_NAMESPACE_END
