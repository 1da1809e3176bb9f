// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <vector>

#include "storage/head_series.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Samples of one series, column by column: row i is (times[i], values[i]). Times ascend strictly.
struct FloatColumns {
  std::vector<std::int64_t> times;
  std::vector<double> values;

  void clear() {
    times.clear();
    values.clear();
  }
};

struct HistogramSample {
  std::int64_t time = 0;
  HistogramValue value;
};

/// What a reader saw of one series at one instant. Good as long as the reader's Epochs::Guard.
struct HeadSnapshot {
  const HeadTail* tail = nullptr;
  const LateSamples* late = nullptr;
  std::uint32_t tail_count = 0;
  std::uint64_t cut = 0;
  // Held here, newest first, since the links between chunks are cut when old ones are let go.
  std::vector<const HeadChunk*> chunks;
  struct Histograms {
    const HistogramChunk* chunk;
    std::uint64_t published;
  };
  std::vector<Histograms> histograms;

  std::uint32_t end_index() const noexcept { return tail == nullptr ? 0 : tail->first_index + tail_count; }
  bool empty() const noexcept { return tail == nullptr && late == nullptr && histograms.empty(); }
};

/// All samples of commits up to `cut` and none of later ones. False when the series has moved on so far that this cut
/// cannot be told any more: take a newer one.
bool take_snapshot(const HeadSeries& series, std::uint64_t cut, HeadSnapshot& snapshot);

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

/// Puts rows of `more` among those of `rows`; of equal times that of `rows` stays. Both ascend.
void merge_columns(FloatColumns& rows, const FloatColumns& more);

}  // namespace storage
BELLWETHER_NAMESPACE_END
