// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "promql/annotations.hpp"
#include "promql/query_state.hpp"
#include "promql/series_reader.hpp"
#include "promql/vector_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// Makes rows of a leaf of the tree: of a selector, or of a function of its ranges. Each thread has its own, with all that is
/// needed to read and to compute; what it has to tell stays with it until the row is used.
class RowMaker {
 public:
  explicit RowMaker(const Annotations& of_query) : annotations(of_query.without_texts()) {}
  virtual ~RowMaker() = default;
  RowMaker(const RowMaker&) = delete;
  RowMaker& operator=(const RowMaker&) = delete;

  /// Rows that do not follow on the last one come: what was told for that must be told again.
  virtual void begin() {}
  virtual void make(std::size_t series, Row& row, ReadSize& read) = 0;

  Annotations annotations;  ///< of the rows since these were taken
};

/// One for the thread that uses it. Called from any.
using RowMakers = std::function<std::unique_ptr<RowMaker>(ReaderThread thread)>;

/// The rows of a selection, where the work is worth it made by several threads: those of EngineOptions take runs of some series
/// that the caller has not come to yet, and lay their rows ready; the caller makes those of runs that nobody has taken as it comes
/// to them. So of a helper that has no processor it waits for the run that this one has taken, at most.
///
/// The answer is the one of a single thread, to the last bit: a row hangs on its own series alone, and what goes with it (samples
/// that count towards the limits, annotations, exceptions) is told when the caller comes to it, in its order. Small selections pay
/// two looks at the clock for some of their rows.
///
/// Memory: rows that lie ready, a MiB or so a helper, and each thread's reader. Blocking: the caller waits for a row that is
/// being made, and its end for all threads that are at work on it.
VectorStream pipelined(QueryState& query, SharedSelection& shared, std::vector<SeriesHead> heads, std::size_t steps,
                       RowMakers makers);

}  // namespace promql
BELLWETHER_NAMESPACE_END
