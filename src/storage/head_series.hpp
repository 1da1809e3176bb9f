// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/version.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "storage/epochs.hpp"
#include "storage/float_frames.hpp"
#include "storage/histogram_codec.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// What became of a sample.
enum class Outcome : std::uint8_t {
  appended,
  out_of_order,    ///< taken, older than the newest of its series
  duplicate,       ///< the same time and value are there: nothing to do
  conflict,        ///< another value of this time is there: refused
  too_old,         ///< beyond the out-of-order window, or the retention: refused
  too_far_ahead,   ///< of the clock: refused
  unknown_series,  ///< the reference is of a series that was removed: look it up again
  malformed,       ///< a histogram whose spans do not fit its counts: refused
  store_full,      ///< too much waits for the disk: refused
};
inline constexpr std::size_t outcome_count = 9;
const char* to_string(Outcome outcome) noexcept;

/// How far a chunk reached when somebody looked.
struct ChunkExtent {
  std::int64_t last_time = 0;
  std::uint16_t count = 0;
  std::uint16_t bytes = 0;
};

/// Up to 128 samples in frames; the bytes stand behind it. The newest chunk of a series is written on behind its end, so there a
/// reader goes by the extent that its tail tells; `extent` is the writer's until a further chunk begins, and final from then on.
/// Room is made once, for as much as the chunk before took: chunks that grow by being copied leave holes in the heap.
struct HeadChunk {
  std::atomic<HeadChunk*> older{nullptr};
  std::uint32_t first_index = 0;  ///< number of its first sample within the series
  std::uint32_t capacity = 0;
  std::int64_t first_time = 0;
  ChunkExtent extent;
  FrameState start;

  std::uint8_t* data() noexcept { return reinterpret_cast<std::uint8_t*>(this + 1); }
  const std::uint8_t* data() const noexcept { return reinterpret_cast<const std::uint8_t*>(this + 1); }
  /// Room for `bytes` and somewhat more.
  static HeadChunk* make(std::size_t bytes);
  static void free(void* chunk) noexcept;
  std::size_t size() const noexcept { return sizeof(HeadChunk) + capacity; }
};

/// The newest samples, not encoded yet. A slot is written once and then published by `count`, so readers need no lock.
struct HeadTail {
  static constexpr std::uint32_t capacity = 16;

  HeadChunk* newest = nullptr;  ///< all chunks that are older than this tail
  ChunkExtent newest_extent;    ///< of `newest`, as of this tail
  std::uint64_t chunks_commit = 0;
  std::int64_t base_time = 0;
  std::uint32_t first_index = 0;
  std::atomic<std::uint32_t> count{0};
  std::int32_t offsets[capacity];   ///< of the times, from base_time
  std::uint32_t commits[capacity];  ///< the low half is enough: readers are at most seconds behind
  double values[capacity];

  std::int64_t time(std::uint32_t i) const noexcept { return base_time + offsets[i]; }
  static void free(void* tail) noexcept { delete static_cast<HeadTail*>(tail); }
};

struct LateSample {
  std::int64_t time = 0;
  double value = 0;
  std::uint64_t commit = 0;
};

/// Samples that came out of order, by time; replaced as a whole.
struct LateSamples {
  std::vector<LateSample> samples;
  static void free(void* late) noexcept { delete static_cast<LateSamples*>(late); }
};

/// Records of histograms; appended in place behind the published end.
struct HistogramChunk {
  static constexpr std::size_t max_records = 240;

  std::atomic<HistogramChunk*> older{nullptr};
  std::uint32_t first_index = 0;
  std::int64_t first_time = 0;
  std::atomic<std::int64_t> last_time{0};
  std::atomic<std::uint64_t> published{0};  ///< count << 32 | bytes
  std::uint32_t capacity = 0;

  std::uint8_t* data() noexcept { return reinterpret_cast<std::uint8_t*>(this + 1); }
  const std::uint8_t* data() const noexcept { return reinterpret_cast<const std::uint8_t*>(this + 1); }
  static HistogramChunk* make(std::uint32_t capacity);
  static void free(void* chunk) noexcept;
};

struct HistogramPart {
  std::atomic<HistogramChunk*> newest{nullptr};
  HistogramValue last;
  std::int64_t last_time = 0;
  std::uint32_t next_index = 0;
  std::uint32_t sealed_index = 0;
};

/// What lies in memory of one series. A plain structure: HeadWriter changes it, HeadReader reads it.
struct HeadSeries {
  static constexpr std::int64_t no_time = std::numeric_limits<std::int64_t>::min();

  std::atomic<HeadTail*> tail{nullptr};
  std::atomic<LateSamples*> late{nullptr};
  std::atomic<HistogramPart*> histograms{nullptr};

  // The writer's own.
  FrameState end;  ///< where the newest chunk's frames ended
  std::int64_t newest_time = no_time;
  std::int64_t sealed_time = no_time;  ///< newest that is on disk in a block
  double newest_value = 0;
  std::uint32_t sealed_index = 0;   ///< samples in order below this number are in blocks
  std::uint64_t sealed_commit = 0;  ///< late samples up to this commit are in blocks

  ~HeadSeries();
};

/// Appends to series. Threads: one at a time. Allocation: once in 16 samples.
class HeadWriter {
 public:
  explicit HeadWriter(Epochs& epochs) : epochs_(&epochs) {}

  /// `window_ms`: how much older than its series' newest a sample may be.
  Outcome append(HeadSeries& series, std::int64_t time, double value, std::uint64_t commit, std::int64_t window_ms);
  Outcome append(HeadSeries& series, std::int64_t time, const HistogramValue& value, std::uint64_t commit);

  /// Frees what is sealed and older than `before`. True when nothing is left in memory.
  bool evict(HeadSeries& series, std::int64_t before);

 private:
  void roll(HeadSeries& series, HeadTail* tail, std::int64_t next_time);
  HeadChunk* chunk_for_scratch(HeadChunk* newest, std::uint32_t count);
  Outcome append_late(HeadSeries& series, std::int64_t time, double value, std::uint64_t commit);
  void evict_histograms(HeadSeries& series, std::int64_t before);

  Epochs* epochs_;
  Bytes scratch_;
};

/// How many series' memory; for metrics and limits.
std::size_t memory_of(const HeadSeries& series);

}  // namespace storage
BELLWETHER_NAMESPACE_END
