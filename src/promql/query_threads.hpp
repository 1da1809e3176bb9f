// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>

BELLWETHER_NAMESPACE_BEGIN
namespace net {
class WorkerPool;
}
namespace promql {

/// Threads that help the callers of queries, of all engines that are given it:
///
///     EngineOptions options;
///     options.threads = std::make_shared<QueryThreads>(0);   // as many as there are processors
///     Engine engine(options);
///
/// What they take over are rows of series, where these are many enough (RowPipeline); a query's answer is the same with any number
/// of them, and when all of them are busy its caller does everything.
///
/// Threads: any. They start with the first work, so a monitor that is not asked has none. Destruction waits for them, and no query
/// may run any more.
class QueryThreads {
 public:
  /// For less work a wake-up does not pay.
  static constexpr std::chrono::nanoseconds usual_worth = std::chrono::microseconds(500);

  /// `threads` that work on one query, its caller among them: 1 is none beside it, 0 one for each processor, at most 8. `worth`: how long the
  /// rest of a selector's rows must be expected to take, for its caller alone, to be shared.
  explicit QueryThreads(std::size_t threads, std::chrono::nanoseconds worth = usual_worth);
  ~QueryThreads();
  QueryThreads(const QueryThreads&) = delete;
  QueryThreads& operator=(const QueryThreads&) = delete;

  /// Beside the caller.
  std::size_t helpers() const noexcept { return helpers_; }
  std::chrono::nanoseconds worth() const noexcept { return worth_; }

  /// False: too much waits already, or there are none, or the process may have no more. `work` must not throw.
  bool submit(std::function<void()> work);

 private:
  const std::size_t helpers_;
  const std::chrono::nanoseconds worth_;
  std::once_flag started_;
  std::unique_ptr<net::WorkerPool> pool_;
};

}  // namespace promql
BELLWETHER_NAMESPACE_END
