// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "promql/expression.hpp"
#include "promql/label_arena.hpp"
#include "promql/result_points.hpp"
#include "promql/series_source.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

class QueryThreads;

struct EngineOptions {
  /// How far back an instant vector looks for the last sample of a series.
  std::int64_t lookback_ms = 300'000;
  /// Of subqueries that name none.
  std::int64_t default_step_ms = 60'000;
  /// A query ends with an error beyond these. Samples: those held at a time, of the source and of results.
  std::size_t max_samples = 50'000'000;
  std::size_t max_steps = 11'000;  ///< of a range query; 0: no limit
  std::size_t max_series = 2'000'000;
  std::chrono::milliseconds timeout{120'000};
  const Clock* clock = &Clock::system();
  /// That help with large selections, for any number of engines; null: each query is its caller's work alone.
  std::shared_ptr<QueryThreads> threads;
};

/// What differs from query to query; 0 means the engine's own.
struct QueryLimits {
  std::int64_t lookback_ms = 0;
  std::chrono::milliseconds timeout{0};
  std::stop_token stop;  ///< the client has gone away
};

/// Of an instant vector: one point. The labels live as long as the result.
struct ResultSeries {
  Labels labels;
  ResultPoints points;
};

struct QueryStatistics {
  /// Decoded from the source; a sample that two selectors use once, unless there are too many to keep.
  std::uint64_t samples_read = 0;
  std::uint64_t peak_samples = 0;  ///< held at a time
  std::uint64_t series_selected = 0;
  std::chrono::nanoseconds duration{0};
};

/// Why a query failed, as the API tells it apart.
enum class FailureKind : std::uint8_t { none, bad_query, execution, timeout, canceled };

struct QueryResult {
  FailureKind failure = FailureKind::none;
  std::string error;  ///< empty unless it failed

  ValueType type = ValueType::vector;  ///< of range queries: matrix
  double scalar = 0;
  std::int64_t time = 0;  ///< of scalar, string and vector
  std::string text;       ///< of a string
  std::vector<ResultSeries> series;

  std::vector<std::string> warnings;
  std::vector<std::string> infos;
  QueryStatistics statistics;
  std::shared_ptr<const LabelArena> labels;  ///< where the series' labels lie

  explicit operator bool() const noexcept { return failure == FailureKind::none; }
};

/// Evaluates PromQL with the semantics of Prometheus 3.
///
///     Engine engine({});
///     StoreSource source(store->querier());
///     QueryResult result = engine.query_range(source, "sum by (venue) (rate(orders_total[5m]))", start, end, 15'000);
///     if (!result) log(result.error);
///
/// Order: a matrix is sorted by labels; a vector is as the outermost sort or topk left it, else in no promised order.
/// Metric names are dropped at the end of the query (Prometheus's delayed name removal): label_replace can still read and set
/// them, and what then has equal labels is one series, or an error where two have a value at one time.
///
/// Threads: any number of queries at a time, each its caller's work; with EngineOptions::threads other threads make rows of large
/// selections, and the answer is the same to the last bit. Memory: series are read and worked on one after another where the query allows;
/// within max_samples. Blocking: for the source only. Times are milliseconds since the epoch.
class Engine {
 public:
  explicit Engine(EngineOptions options = {}) : options_(std::move(options)) {}

  QueryResult query_instant(const SeriesSource& source, std::string_view query, std::int64_t time_ms,
                            const QueryLimits& limits = {}) const;
  QueryResult query_range(const SeriesSource& source, std::string_view query, std::int64_t start_ms,
                          std::int64_t end_ms, std::int64_t step_ms, const QueryLimits& limits = {}) const;

  /// Of a tree that is parsed already; `query` is its text, for the places in warnings, or empty.
  QueryResult evaluate_instant(const SeriesSource& source, const Expression& tree, std::string_view query,
                               std::int64_t time_ms, const QueryLimits& limits = {}) const;
  QueryResult evaluate_range(const SeriesSource& source, const Expression& tree, std::string_view query,
                             std::int64_t start_ms, std::int64_t end_ms, std::int64_t step_ms,
                             const QueryLimits& limits = {}) const;

  const EngineOptions& options() const noexcept { return options_; }

 private:
  EngineOptions options_;
};

}  // namespace promql
BELLWETHER_NAMESPACE_END
