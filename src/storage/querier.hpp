// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/head_reader.hpp"
#include "storage/label_set.hpp"
#include "storage/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

class Deletions;
class Head;
class StoreFiles;
struct SelectionReading;
struct SelectionState;
struct StoreMetrics;

/// The series that matched, as of one instant: what is committed later does not show. Sorted by labels, each once.
///
///     FloatColumns columns;
///     for (std::size_t i = 0; i < selection.size(); ++i) {
///       columns.clear();
///       selection.read(i, columns);          // times and values, ascending
///       use(selection.labels(i), columns);
///     }
///
/// Threads: use from one; `fork` gives another thread its own, and may be called while the first one reads. Memory: chunks are
/// read where they lie; blocks from disk are kept up to 64 MiB in all, of each fork as much, for the most part the same ones.
/// What the store replaces meanwhile is held as long as the selection or a fork lives, so do not keep it longer than a query, nor
/// than the store.
class Selection {
 public:
  Selection(Selection&&) noexcept;
  Selection& operator=(Selection&&) noexcept;
  ~Selection();

  /// The same series as of the same instant, for another thread.
  Selection fork() const;

  std::size_t size() const noexcept;
  /// Good as long as the selection.
  std::span<const LabelView> labels(std::size_t i) const noexcept;

  /// Appends the samples within the selection's time range. Stale markers are among them (`is_stale`).
  void read(std::size_t i, FloatColumns& out);
  void read(std::size_t i, std::vector<HistogramSample>& out);
  /// The same for a part of the range.
  void read(std::size_t i, std::int64_t from_ms, std::int64_t to_ms, FloatColumns& out);
  void read(std::size_t i, std::int64_t from_ms, std::int64_t to_ms, std::vector<HistogramSample>& out);
  /// Both kinds at once: a series without histograms costs no look for them.
  void read(std::size_t i, std::int64_t from_ms, std::int64_t to_ms, FloatColumns& floats,
            std::vector<HistogramSample>& histograms);

  /// The last commit that it holds: all up to this one and none of later ones.
  std::uint64_t commit() const noexcept;

  /// What could not be read, in words; the rest is there.
  const std::vector<std::string>& warnings() const noexcept;

 private:
  friend class Querier;
  void read(std::size_t i, std::int64_t from_ms, std::int64_t to_ms, FloatColumns* floats,
            std::vector<HistogramSample>* histograms);
  explicit Selection(std::shared_ptr<const SelectionState> state);
  std::shared_ptr<const SelectionState> state_;
  std::unique_ptr<SelectionReading> reading_;
};

/// Asks the store. Cheap to copy. Threads: any. Blocking: never for the writer; for the disk where the range reaches back
/// beyond what is in memory.
class Querier {
 public:
  Querier(Head& head, StoreFiles& files, const Deletions& deletions, const StoreMetrics& metrics) noexcept
      : head_(&head), files_(&files), deletions_(&deletions), metrics_(&metrics) {}

  /// Samples with from_ms <= time <= to_ms of all series that pass every matcher.
  Selection select(std::span<const Matcher> matchers, std::int64_t from_ms, std::int64_t to_ms) const;

  /// Sorted, of the series that pass the matchers and may have samples in the range.
  std::vector<std::string> label_names(std::span<const Matcher> matchers, std::int64_t from_ms,
                                       std::int64_t to_ms) const;
  std::vector<std::string> label_values(std::string_view name, std::span<const Matcher> matchers, std::int64_t from_ms,
                                        std::int64_t to_ms) const;

 private:
  Head* head_;
  StoreFiles* files_;
  const Deletions* deletions_;
  const StoreMetrics* metrics_;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
