// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "storage/float_columns.hpp"
#include "storage/head_series.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

struct HistogramSample {
  std::int64_t time = 0;
  HistogramValue value;
};

/// A chunk as far as the reader may read it.
struct ChunkView {
  const HeadChunk* chunk = nullptr;
  ChunkExtent extent;

  ByteView data() const noexcept { return {chunk->data(), extent.bytes}; }
  std::uint32_t end_index() const noexcept { return chunk->first_index + extent.count; }
};

/// Chunks of one series, newest first. Most queries need few: these take no allocation.
class ChunkList {
 public:
  std::size_t size() const noexcept { return size_; }
  const ChunkView& operator[](std::size_t i) const noexcept { return i < few ? first_[i] : more_[i - few]; }
  void push_back(const ChunkView& chunk) {
    if (size_ < few) {
      first_[size_] = chunk;
    } else {
      more_.push_back(chunk);
    }
    ++size_;
  }
  void clear() noexcept {
    size_ = 0;
    more_.clear();
  }

 private:
  static constexpr std::size_t few = 3;
  std::array<ChunkView, few> first_{};
  std::size_t size_ = 0;
  std::vector<ChunkView> more_;
};

/// What a reader saw of one series at one instant. Good as long as the reader's Epochs::Guard.
struct HeadSnapshot {
  const HeadTail* tail = nullptr;
  const LateSamples* late = nullptr;
  std::uint32_t tail_count = 0;
  std::uint64_t cut = 0;
  ChunkList chunks;  // held here, since the links between chunks are cut when old ones are let go
  struct Histograms {
    const HistogramChunk* chunk;
    std::uint64_t published;
  };
  std::vector<Histograms> histograms;

  std::uint32_t end_index() const noexcept { return tail == nullptr ? 0 : tail->first_index + tail_count; }
  /// The samples in order from this time on are all here.
  std::int64_t first_time() const noexcept {
    if (chunks.size() > 0) return chunks[chunks.size() - 1].chunk->first_time;
    return tail_count > 0 ? tail->time(0) : INT64_MAX;
  }
  bool empty() const noexcept { return tail == nullptr && late == nullptr && histograms.empty(); }
};

/// All samples from `from` on of commits up to `cut`, perhaps earlier ones, and none of later commits. False when the series
/// has moved on so far that this cut cannot be told any more: take a newer one.
bool take_snapshot(const HeadSeries& series, std::uint64_t cut, HeadSnapshot& snapshot, std::int64_t from = INT64_MIN);

/// Asks the processor for what reading this will touch, so that it is there when the series before is done.
void prefetch(const HeadSnapshot& snapshot) noexcept;

/// Appends to `out` the samples with from <= time <= to.
void read_floats(const HeadSnapshot& snapshot, std::int64_t from, std::int64_t to, FloatColumns& out);
void read_histograms(const HeadSnapshot& snapshot, std::int64_t from, std::int64_t to,
                     std::vector<HistogramSample>& out);

/// What has no block on disk yet: samples in order from number `first_index` on, late ones of commits after `after_commit`.
void read_unsealed(const HeadSnapshot& snapshot, std::uint32_t first_index, std::uint64_t after_commit,
                   FloatColumns& out);
std::uint32_t read_unsealed(const HeadSnapshot& snapshot, std::uint32_t first_index, std::vector<HistogramSample>& out);

/// The writer's question: is there a sample of this time?
bool find_sample(const HeadSeries& series, std::int64_t time, double& value);

}  // namespace storage
BELLWETHER_NAMESPACE_END
