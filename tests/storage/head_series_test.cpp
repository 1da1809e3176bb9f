// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/head_series.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <deque>
#include <random>

#include "storage/head_reader.hpp"

namespace bellwether::storage {
namespace {

constexpr std::int64_t window_ms = 300'000;

/// A series, what was appended to it, and what readers saw on the way.
class HeadSeriesTest : public testing::Test {
 protected:
  void append(double value) {
    const std::int64_t time = 1'700'000'000'000 + static_cast<std::int64_t>(times_.size()) * 1000 + jitter_;
    ASSERT_EQ(writer_.append(series_, time, value, times_.size() + 1, window_ms), Outcome::appended);
    times_.push_back(time);
    values_.push_back(value);
  }

  void take() {
    seen_.emplace_back();
    ASSERT_TRUE(take_snapshot(series_, times_.size(), seen_.back().snapshot));
    seen_.back().count = times_.size();
  }

  void expect_all(const HeadSnapshot& snapshot, std::size_t count) const {
    FloatColumns rows;
    read_floats(snapshot, INT64_MIN, INT64_MAX, rows);
    ASSERT_EQ(rows.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(rows.times[i], times_[i]) << i;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(rows.values[i]), std::bit_cast<std::uint64_t>(values_[i])) << i;
    }
  }

  struct Seen {
    HeadSnapshot snapshot;
    std::size_t count = 0;
  };

  Epochs epochs_;
  HeadWriter writer_{epochs_};
  HeadSeries series_;
  std::int64_t jitter_ = 0;
  std::vector<std::int64_t> times_;
  std::vector<double> values_;
  std::deque<Seen> seen_;
};

TEST_F(HeadSeriesTest, WhatAReaderSawStaysWhileTheNewestChunkIsWrittenOn) {
  const Epochs::Guard guard = epochs_.enter();
  std::mt19937_64 random(7);
  for (int i = 0; i < 1000; ++i) {
    append(std::round(std::sin(i) * 1e4) / 100);
    if (random() % 5 == 0) take();
  }
  for (const Seen& each : seen_) expect_all(each.snapshot, each.count);
}

TEST_F(HeadSeriesTest, AChunkWhoseValuesBecomeVariousGetsMoreRoom) {
  const Epochs::Guard guard = epochs_.enter();
  std::mt19937_64 random(11);
  for (int i = 0; i < 2000; ++i) {
    const bool quiet = i / 70 % 2 == 0;  // changes within chunks, both ways
    jitter_ = quiet ? 0 : static_cast<std::int64_t>(random() % 900);
    append(quiet ? 1.0 : std::bit_cast<double>(random() >> 2U));
    if (i % 9 == 0) take();
  }
  for (const Seen& each : seen_) expect_all(each.snapshot, each.count);
}

TEST_F(HeadSeriesTest, ASteadySeriesAllocatesOneChunkInAHundredSamples) {
  for (int i = 0; i < 2000; ++i) append(i * 0.25);
  take();
  std::size_t bytes = 0;
  std::size_t room = 0;
  const ChunkList& chunks = seen_.back().snapshot.chunks;
  ASSERT_GE(chunks.size(), 2000U / 128);
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    bytes += chunks[i].extent.bytes;
    room += chunks[i].chunk->capacity;
  }
  EXPECT_LT(room, bytes + bytes / 8 + chunks.size() * 64) << "room that nobody needs";
}

}  // namespace
}  // namespace bellwether::storage
