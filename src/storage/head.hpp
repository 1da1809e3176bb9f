// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <bellwether/result.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

#include "storage/epochs.hpp"
#include "storage/head_reader.hpp"
#include "storage/head_series.hpp"
#include "storage/label_index.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// A series of the store, as long as it is there. Plain and cheap: keep it instead of the labels. After the series was
/// removed, appending to it says `unknown_series`; it is never given to another.
struct SeriesRef {
  std::uint32_t id = 0xffffffff;

  friend bool operator==(SeriesRef, SeriesRef) = default;
};

/// All series in memory: the index, their samples, and the number of the last commit that readers see.
///
/// Threads: `writer_mutex` makes one writer of many; what it guards is said at each function. Readers take no lock but the
/// index's own, and hold a guard of `epochs` as long as they hold pointers.
class Head {
 public:
  explicit Head(std::size_t series_limit) : series_limit_(series_limit), writer(epochs) {}
  ~Head();
  Head(const Head&) = delete;
  Head& operator=(const Head&) = delete;

  /// Any thread. An error when there are `series_limit` series already, unless told that it does not matter.
  Result<SeriesRef> find_or_add(const LabelSet& labels, bool beyond_limit = false);

  /// Null for a removed one.
  HeadSeries* find(std::uint32_t id) const noexcept;
  /// One more than the largest id.
  std::uint32_t end_id() const noexcept { return end_id_.load(std::memory_order_acquire); }

  /// With the writer's mutex. The samples of the removed are gone from memory.
  void remove(std::span<const std::uint32_t> ids);

 private:
  static constexpr std::size_t segment_size = 4096;
  using Segment = std::array<std::atomic<HeadSeries*>, segment_size>;

  std::size_t series_limit_;
  std::mutex add_mutex_;
  std::atomic<std::uint32_t> end_id_{0};
  std::array<std::atomic<Segment*>, 4096> segments_{};

 public:
  LabelIndex index;
  Epochs epochs;
  std::mutex writer_mutex;
  HeadWriter writer;                                 ///< with writer_mutex
  std::atomic<std::uint64_t> visible{0};             ///< commits up to this one are whole
  std::atomic<std::int64_t> memory_from{INT64_MIN};  ///< every sample of this time or later is in memory
  /// What a series has in memory of this time or later and in order, no file has with another value: it was taken when all that
  /// its files had was known to be older. So of samples that are in both, those of the files need not be read.
  std::atomic<std::int64_t> known_from{INT64_MIN};
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
