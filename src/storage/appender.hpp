// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstdint>
#include <vector>

#include "storage/disk_writer.hpp"
#include "storage/head.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

class SeriesStore;

/// What became of the samples of a commit.
struct CommitReport {
  std::array<std::uint32_t, outcome_count> counts{};
  /// References that are of no series any more: look them up again.
  std::vector<SeriesRef> unknown;
  /// Those refused with Outcome::conflict, for whom may date them anew; their order is kept.
  std::vector<LoggedFloat> conflicts;
  std::vector<LoggedHistogram> histogram_conflicts;

  std::uint32_t of(Outcome outcome) const noexcept { return counts[static_cast<std::size_t>(outcome)]; }
  /// Samples that the store has now; duplicates, which it had before, are among them.
  std::uint32_t taken() const noexcept {
    return of(Outcome::appended) + of(Outcome::out_of_order) + of(Outcome::duplicate);
  }
};

/// Collects the samples of one scrape and stores them at once: readers see all or none of a commit. Keep one for each
/// target and use it again: its buffers stay.
///
///     Appender appender = store.appender();
///     appender.append(ref, 1732186000000, 17.0);
///     CommitReport report = appender.commit();
///     if (report.of(Outcome::conflict) > 0) ...
///
/// Threads: use each from one; any number of them at a time. `commit` waits for other commits, never for a reader or the disk.
/// Allocation: none in the long run but the store's own.
class Appender {
 public:
  /// `time_ms` is in milliseconds since the epoch.
  void append(SeriesRef series, std::int64_t time_ms, double value) { floats_.push_back({series.id, time_ms, value}); }
  void append(SeriesRef series, std::int64_t time_ms, const HistogramValue& value) {
    histograms_.push_back({series.id, time_ms, value});
  }
  CommitReport commit();
  void clear() noexcept;
  std::size_t size() const noexcept { return floats_.size() + histograms_.size(); }

 private:
  friend class SeriesStore;
  explicit Appender(SeriesStore& store) noexcept : store_(&store) {}

  SeriesStore* store_;
  std::vector<LoggedFloat> floats_;
  std::vector<LoggedHistogram> histograms_;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
