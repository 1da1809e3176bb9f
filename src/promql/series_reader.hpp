// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "promql/series_source.hpp"
#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

struct SharedSelection;

/// What reading a series took, to be told to the QueryState when what was read is used.
struct ReadSize {
  std::size_t samples = 0;
  std::size_t weight = 0;  ///< as KeptSamples counts
};

/// Who reads: the query's own thread, or one that helps.
enum class ReaderThread : std::uint8_t { caller, helper };

/// Reads series of a selection, for one of the threads that work on a query.
///
///     SeriesReader reader(shared, ReaderThread::caller);
///     const Samples& samples = reader.read(series);     // good until the next call
///     query.count_read(shared, series, reader.size(), held);
///
/// Threads: use from one; the caller's reads through the selection itself, others through a fork of it.
class SeriesReader {
 public:
  SeriesReader(SharedSelection& shared, ReaderThread thread);

  /// All samples of a series, stale markers among them.
  const Samples& read(std::size_t series);
  /// The same without these.
  const Samples& read_without_stale(std::size_t series);
  /// Of the last one.
  const ReadSize& size() const noexcept { return size_; }

 private:
  SharedSelection& shared_;
  std::shared_ptr<SeriesSelection> fork_;  // null: the caller's
  Samples buffer_;
  Samples clean_;
  ReadSize size_;
};

inline bool is_stale(const Histogram& histogram) noexcept {
  return storage::is_stale(histogram.sum);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
