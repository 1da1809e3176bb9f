// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "promql/annotations.hpp"
#include "promql/engine.hpp"
#include "promql/kept_samples.hpp"
#include "promql/series_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// The times at which an expression is evaluated.
struct Steps {
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::size_t count = 1;

  std::int64_t at(std::size_t i) const noexcept { return start + static_cast<std::int64_t>(i) * step; }
  std::int64_t last() const noexcept { return count == 0 ? start : at(count - 1); }
};

/// What a selector may read: from <= time <= to.
struct TimeRange {
  std::int64_t from = 0;
  std::int64_t to = 0;
};

/// One select of the source, shared by all selectors of the query with the same matchers and times that touch.
struct SharedSelection {
  const std::vector<storage::Matcher>* matchers = nullptr;
  TimeRange range;
  std::size_t users = 0;
  std::unique_ptr<SeriesSelection> selection;  // at the first use
  std::vector<Labels> labels;                  // the selection's own
  std::unique_ptr<KeptSamples> kept;           // where there are several users
};

/// What all parts of one query share. It is its caller's: threads that help know nothing of it (RowPipeline). Failures stick: the first one is told, and whoever sees `failed()` returns with anything.
struct QueryState {
  QueryState(const EngineOptions& engine, const QueryLimits& query_limits, const SeriesSource& from,
             std::string_view text);

  void fail(std::string message, FailureKind kind = FailureKind::execution);
  bool failed() const noexcept { return failure != FailureKind::none; }
  /// To be asked for each series or so: cancelled, out of time?
  bool stopped();
  /// Samples come to be held (or are let go).
  void hold(std::size_t samples);
  void release(std::size_t samples) noexcept { held -= std::min(held, samples); }

  /// Plans the selects of the whole query. `end` is what end() means: of a range query it need not be the last step.
  void plan(const Expression& tree, const Steps& steps, std::int64_t end);
  /// The series of a selector; null after a failure.
  SharedSelection* open(const VectorSelector& selector);
  /// A series that a SeriesReader has read is used: its samples are held, and those no more that it read before, `held`.
  void count_read(SharedSelection& shared, std::size_t series, const ReadSize& read, std::size_t& held_by_reader);

  bool is_step_invariant(const Expression& expression);
  /// The time at which a selector looks, at the evaluation time `time`.
  std::int64_t shifted(const TimeShift& shift, std::int64_t time) const noexcept;
  /// Inner steps of a subquery for the outer ones.
  Steps inner_steps(const Subquery& subquery, const Steps& outer) const noexcept;

  const EngineOptions& options;
  const QueryLimits& limits;
  const SeriesSource& source;
  std::int64_t lookback;
  std::int64_t start = 0;  ///< of the whole query: start() and end()
  std::int64_t end = 0;
  bool is_range = false;
  std::chrono::nanoseconds deadline;
  Annotations annotations;
  /// Labels that the query makes, and in the end those of its result: all others lie in the selections.
  std::shared_ptr<LabelArena> arena = std::make_shared<LabelArena>();
  FailureKind failure = FailureKind::none;
  std::string error;
  QueryStatistics statistics;
  std::size_t held = 0;

 private:
  void collect(const Expression& expression, const Steps& at);
  void add_selector(const VectorSelector& selector, TimeRange range);

  std::vector<std::unique_ptr<SharedSelection>> selections_;
  std::unordered_map<const VectorSelector*, SharedSelection*> by_selector_;
  std::unordered_map<const Expression*, bool> invariant_;
  std::vector<std::pair<const VectorSelector*, TimeRange>> wanted_;
  unsigned until_check_ = 0;
};

}  // namespace promql
BELLWETHER_NAMESPACE_END
