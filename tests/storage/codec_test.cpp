// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "storage/block.hpp"
#include "storage/float_frames.hpp"
#include "storage/log_batch.hpp"
#include "storage/packed_blob.hpp"
#include "storage/series_blob.hpp"
#include "storage/time_column.hpp"
#include "storage/value_column.hpp"

namespace bellwether::storage {
namespace {

/// Series of every kind that a codec may meet.
std::vector<FloatColumns> all_kinds(std::size_t count) {
  std::mt19937_64 random(7);
  std::vector<FloatColumns> out;
  const auto add = [&](auto&& value, auto&& step) {
    FloatColumns rows;
    std::int64_t time = 1'795'176'000'000;
    for (std::size_t i = 0; i < count; ++i) {
      rows.times.push_back(time);
      rows.values.push_back(value(i));
      time += step(i);
    }
    out.push_back(std::move(rows));
  };
  const auto second = [](std::size_t) { return 1000; };
  const auto jitter = [&](std::size_t) { return 995 + static_cast<int>(random() % 11); };
  const auto wild = [&](std::size_t) { return 1 + static_cast<std::int64_t>(random() >> (20 + random() % 43)); };
  double price = 101.23;
  double counter = 0;
  add([](std::size_t) { return 5.0; }, second);
  add([&](std::size_t) { return counter += static_cast<double>(random() % 3); }, jitter);
  add(
      [&](std::size_t) {
        return price = std::round((price + (static_cast<double>(random() % 21) - 10) / 100) * 100) / 100;
      },
      second);
  add([&](std::size_t) { return std::bit_cast<double>(random()); }, wild);  // any bits at all
  add([&](std::size_t i) { return i % 17 == 3 ? stale_nan() : static_cast<double>(i); }, jitter);
  add([&](std::size_t i) { return i == count - 1 ? stale_nan() : 1.5; }, second);
  add([&](std::size_t) { return std::sqrt(static_cast<double>(random() % 1000)); }, jitter);
  add([](std::size_t i) { return i % 2 == 0 ? 0.0 : -0.0; }, second);
  add([](std::size_t i) { return i % 3 == 0 ? std::numeric_limits<double>::infinity() : 1e300; }, second);
  add([](std::size_t i) { return static_cast<double>(i) * 9'007'199'254.0; }, second);
  add([](std::size_t i) { return i < 40 ? 0.1 * static_cast<double>(i) : static_cast<double>(i); }, second);
  add([](std::size_t i) { return std::bit_cast<double>(0x7ff8000000000000U + i); }, second);  // NaN payloads
  add([](std::size_t i) { return static_cast<double>(1ULL << (i % 53)) / 8; }, second);
  return out;
}

void expect_same(const std::vector<double>& a, const std::vector<double>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) ASSERT_EQ(bits_of(a[i]), bits_of(b[i])) << "at " << i;
}

TEST(FloatFrames, GiveEverySampleBackBitForBit) {
  for (const std::size_t count : {1U, 2U, 15U, 16U, 33U, 240U}) {
    for (const FloatColumns& rows : all_kinds(count)) {
      FrameState state;
      state.value = rows.values[0];
      const FrameState start = state;
      Bytes bytes;
      for (std::size_t at = 0; at < count; at += 16) {  // as the head does: a tail at a time
        encode_frames(state, rows.times.data() + at, rows.values.data() + at, std::min<std::size_t>(16, count - at),
                      bytes);
      }
      bytes.shrink_to_fit();
      FloatColumns back;
      back.times.resize(count);
      back.values.resize(count);
      ASSERT_TRUE(decode_frames(start, bytes, count, back.times.data(), back.values.data()));
      EXPECT_EQ(back.times, rows.times);
      expect_same(back.values, rows.values);
    }
  }
}

TEST(FloatFrames, RefuseWhatWasCutShort) {
  const FloatColumns rows = all_kinds(48)[3];
  FrameState state;
  Bytes bytes;
  encode_frames(state, rows.times.data(), rows.values.data(), 48, bytes);
  std::int64_t times[48];
  double values[48];
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(decode_frames({}, cut, 48, times, values));
  }
}

TEST(ValueColumn, GivesEveryValueBackBitForBit) {
  for (const std::size_t count : {1U, 2U, 180U, 1000U}) {
    for (const FloatColumns& rows : all_kinds(count)) {
      Bytes bytes;
      ByteWriter writer(bytes);
      encode_values(rows.values, writer);
      encode_times(rows.times, writer);
      ByteReader reader(bytes);
      std::vector<double> values(count);
      std::vector<std::int64_t> times(count);
      ASSERT_TRUE(decode_values(reader, count, count, values.data()));
      ASSERT_TRUE(decode_times(reader, count, times.data()));
      EXPECT_EQ(reader.left(), 0U);
      expect_same(values, rows.values);
      EXPECT_EQ(times, rows.times);
      for (const std::size_t needed : {std::size_t{0}, std::size_t{1}, count / 2, count - 1}) {
        ByteReader again(bytes);
        std::vector<double> some(needed);
        ASSERT_TRUE(decode_values(again, count, needed, some.data()));
        expect_same(some, {rows.values.begin(), rows.values.begin() + static_cast<std::ptrdiff_t>(needed)});
      }
      ByteReader again(bytes);
      EXPECT_FALSE(decode_values(again, count, count + 1, values.data()));
    }
  }
}

// Eight small numbers in a row are read at once, four of up to two bytes too: all kinds of rows of them, and all sizes of sums.
TEST(ValueColumn, GivesWholeNumbersBackHoweverLargeAndMixedTheirDifferencesAre) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 3000; ++round) {
    const std::size_t count = 2 + random() % 70;
    const std::uint64_t usual = std::uint64_t{1} << random() % 9;
    const std::uint64_t rare = std::uint64_t{1} << random() % 48;
    const auto start = static_cast<std::int64_t>(random() % 3 == 0 ? (std::uint64_t{1} << 51U) - 4000 : random() % 50);
    const bool twice = round % 2 == 0;
    std::int64_t whole = round % 5 == 0 ? -start : start;
    std::int64_t difference = 0;
    std::vector<double> expected;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t most = random() % 12 == 0 ? rare : usual;
      const auto step = static_cast<std::int64_t>(random() % most) - static_cast<std::int64_t>(most / 2);
      difference = twice ? difference + step : step;
      whole += difference;
      expected.push_back(static_cast<double>(whole) / (round % 7 == 0 ? 100 : 1));
    }
    Bytes bytes;
    ByteWriter writer(bytes);
    encode_values(expected, writer);
    std::vector<double> values(count + 1, -7);
    const std::size_t needed = 1 + random() % count;
    ByteReader reader(bytes);
    ASSERT_TRUE(decode_values(reader, count, needed, values.data()));
    EXPECT_EQ(values[needed], -7) << "not a value more";
    values.resize(needed);
    expected.resize(needed);
    expect_same(values, expected);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      ByteReader shorter(ByteView(bytes).first(cut));
      (void)decode_values(shorter, count, needed, values.data());
    }
  }
}

// Bytes of every kind, against reading one number after the other.
TEST(ValueColumn, ReadsAnyNumbersAsTheyStand) {
  std::mt19937_64 random(13);
  for (int round = 0; round < 3000; ++round) {
    const std::size_t count = 1 + random() % 60;
    const unsigned kind = 1 + round % 3;
    Bytes bytes;
    ByteWriter writer(bytes);
    writer.u8(kind);
    writer.u8(0);
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < count; ++i) {
      const unsigned bits = random() % 10 == 0 ? random() % 64 : random() % (round % 4 == 0 ? 7 : 15);
      numbers.push_back(unzigzag(random() >> (63U - bits)));
      writer.signed_varint(numbers.back());
    }
    std::vector<double> expected;
    std::int64_t whole = 0;
    std::int64_t difference = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (kind == 1) whole = wrapping_add(whole, numbers[i]);
      if (kind == 2) {
        if (i > 0) difference = wrapping_add(difference, numbers[i]);
        whole = wrapping_add(whole, i == 0 ? numbers[i] : difference);
      }
      if (kind == 3) whole = numbers[i];
      expected.push_back(static_cast<double>(whole));
    }
    ByteReader reader(bytes);
    std::vector<double> values(count);
    ASSERT_TRUE(decode_values(reader, count, count, values.data()));
    EXPECT_EQ(reader.left(), 0U);
    expect_same(values, expected);
  }
}

HistogramValue histogram(double scale) {
  HistogramValue value;
  value.schema = 3;
  value.zero_threshold = 1e-128;
  value.zero_count = scale;
  value.positive_spans = {{-2, 2}, {3, 1}};
  value.positive_counts = {scale, 2 * scale, 7};
  value.negative_spans = {{0, 1}};
  value.negative_counts = {1};
  value.count = 4 * scale + 8;
  value.sum = 0.1 * scale;
  return value;
}

TEST(TimeColumn, GivesEveryTimeAndEveryPlace) {
  std::mt19937 random(5);
  std::vector<std::vector<std::int64_t>> columns{{0},
                                                 {INT64_MIN},
                                                 {INT64_MAX},
                                                 {-5, INT64_MAX - 5},
                                                 {INT64_MIN, -1},
                                                 {INT64_MIN, 0, INT64_MAX},
                                                 {INT64_MIN, INT64_MIN + 1, INT64_MAX},
                                                 {7, 8, 9, 7 + std::int64_t{UINT32_MAX}},
                                                 {7, 8, 9, 8 + std::int64_t{UINT32_MAX}}};
  for (const std::int64_t start : {-1'000'000LL, 1'795'295'040'003LL}) {
    for (const unsigned jitter : {0U, 1U, 30U}) {
      std::vector<std::int64_t> times;
      for (std::int64_t i = 0; i < 500; ++i) {
        times.push_back(start + i * 1000 + static_cast<std::int64_t>(jitter == 0 ? 0 : random() % jitter));
      }
      columns.push_back(times);
      times.erase(times.begin() + 100, times.begin() + 110);
      columns.push_back(times);
    }
  }
  for (const std::vector<std::int64_t>& times : columns) {
    Bytes bytes;
    ByteWriter writer(bytes);
    encode_times(times, writer);
    for (std::size_t cut = 0; cut < bytes.size(); cut += 1 + bytes.size() / 20) {
      ByteReader shorter(ByteView(bytes).first(cut));
      (void)TimeColumn::decode(shorter, times.size());
    }
    ByteReader reader(bytes);
    const std::optional<TimeColumn> column = TimeColumn::decode(reader, times.size());
    if (times.size() > 1 && wrapping_sub(times[1], times[0]) < 0) {  // no steps of more than half of all time
      continue;
    }
    ASSERT_TRUE(column);
    EXPECT_EQ(reader.left(), 0U);
    ASSERT_EQ(column->size(), times.size());
    EXPECT_EQ(column->front(), times.front());
    EXPECT_EQ(column->back(), times.back());
    for (int round = 0; round < 40; ++round) {
      const std::size_t place = random() % times.size();
      ASSERT_EQ(column->at(place), times[place]);
      for (const std::int64_t off : {-1, 0, 1}) {
        const std::int64_t time = wrapping_add(times[place], off);
        ASSERT_EQ(column->lower_place(time),
                  static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time) - times.begin()));
        ASSERT_EQ(column->upper_place(time),
                  static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), time) - times.begin()));
      }
      const std::size_t end = place + random() % (times.size() - place + 1);
      std::vector<std::int64_t> out{1};
      column->append(place, end, out);
      std::vector<std::int64_t> expected{1};
      expected.insert(expected.end(), times.begin() + static_cast<std::ptrdiff_t>(place),
                      times.begin() + static_cast<std::ptrdiff_t>(end));
      ASSERT_EQ(out, expected);
      ASSERT_TRUE(column->equals(place, end, times.data() + place));
      if (end > place) {
        expected.back() = wrapping_add(expected.back(), 1);
        ASSERT_FALSE(column->equals(place, end, expected.data() + 1));
      }
    }
    EXPECT_EQ(column->bytes() == 0, std::adjacent_find(times.begin(), times.end(), [&](auto a, auto b) {
                                      return wrapping_sub(b, a) != wrapping_sub(times[1], times[0]);
                                    }) == times.end());
  }
}

TEST(TimeColumn, RefusesWhatDoesNotAscend) {
  for (const std::vector<std::int64_t>& numbers : std::vector<std::vector<std::int64_t>>{
           {5, 0}, {5, -1}, {5, 0, 0}, {5, 1, -1}, {INT64_MAX, 1}, {INT64_MAX - 1, 1, 0}, {0, INT64_MAX, 0, 0}}) {
    Bytes bytes;
    ByteWriter writer(bytes);
    for (const std::int64_t number : numbers) writer.signed_varint(number);
    ByteReader reader(bytes);
    EXPECT_FALSE(TimeColumn::decode(reader, numbers.size()));
  }
  ByteReader nothing({});
  EXPECT_FALSE(TimeColumn::decode(nothing, 0));
  EXPECT_FALSE(TimeColumn::decode(nothing, 3));
}

TEST(HistogramCodec, KeepsLayoutsCountsAndSums) {
  HistogramValue fractional = histogram(3.5);
  fractional.integer = false;
  HistogramValue stale = histogram(4);
  stale.sum = stale_nan();
  HistogramValue other = histogram(5);
  other.positive_spans = {{0, 1}};
  other.positive_counts = {9};
  other.gauge = true;
  const std::vector<HistogramValue> values{histogram(1), histogram(2), fractional, histogram(3),
                                           stale,        other,        other,      {}};
  Bytes bytes;
  ByteWriter writer(bytes);
  HistogramValue before;
  for (const HistogramValue& value : values) {
    encode_histogram(before, value, writer);
    before = value;
  }
  ByteReader reader(bytes);
  HistogramValue back;
  for (const HistogramValue& value : values) {
    ASSERT_TRUE(decode_histogram(reader, back));
    EXPECT_TRUE(same_histogram(back, value));
  }
}

TEST(Block, HoldsManySeriesWithTheirTimes) {
  const std::vector<FloatColumns> all = all_kinds(180);
  const std::vector<HistogramSample> histograms{{1000, histogram(1)}, {2000, histogram(2)}};
  BlockBuilder builder;
  for (std::size_t i = 0; i < all.size(); ++i) builder.add(static_cast<std::uint32_t>(i * 3), all[i]);
  builder.add(200, histograms);
  const std::size_t samples = builder.samples();
  const Bytes blob = builder.finish(3);
  const std::optional<Block> block = Block::open(blob);
  ASSERT_TRUE(block);
  EXPECT_EQ(samples, all.size() * 180 + 2);
  for (std::size_t i = 0; i < all.size(); ++i) {
    FloatColumns rows;
    ASSERT_TRUE(block->read(static_cast<std::uint32_t>(i * 3), INT64_MIN, INT64_MAX, rows));
    EXPECT_EQ(rows.times, all[i].times);
    expect_same(rows.values, all[i].values);
    rows.clear();
    ASSERT_TRUE(block->read(static_cast<std::uint32_t>(i * 3), all[i].times[10], all[i].times[19], rows));
    EXPECT_EQ(rows.times, std::vector<std::int64_t>(all[i].times.begin() + 10, all[i].times.begin() + 20));
  }
  std::vector<HistogramSample> back;
  ASSERT_TRUE(block->read(200, INT64_MIN, INT64_MAX, back));
  ASSERT_EQ(back.size(), 2U);
  EXPECT_TRUE(same_histogram(back[1].value, histograms[1].value));
}

// docs/storage-format.md, "Worked example".
TEST(Block, IsAsTheManualSays) {
  constexpr std::int64_t time = 1'795'176'000'000;
  BlockBuilder builder;
  builder.add(0, FloatColumns{{time, time + 1000, time + 2000}, {101.25, 101.5, 101.23}});
  builder.add(1, FloatColumns{{time, time + 1000, time + 2000}, {1, 1, 1}});
  const Bytes block{0x01, 0x03, 0x09, 0x80, 0xa8, 0x9f, 0x8d, 0xbf, 0x68, 0xd0, 0x0f, 0x00,
                    0x02, 0x00, 0x00, 0x07, 0x02, 0x00, 0x09, 0x01, 0x02, 0x9a, 0x9e, 0x01,
                    0x32, 0x35, 0x00, 0,    0,    0,    0,    0,    0,    0xf0, 0x3f};
  EXPECT_EQ(unpack_blob(builder.finish(6)), block);
  LogState state;
  state.begin(1);
  const Bytes batch{0x01, 0x02, 0x00, 0x02, 0x80, 0xa8, 0x9f, 0x8d, 0xbf,
                    0x68, 0x02, 0x02, 0x00, 0x9a, 0x9e, 0x01, 0x02, 0x00};
  EXPECT_EQ(unpack_blob(encode_log_batch(state, {{0, time, 101.25}, {1, time, 1}}, {})), batch);
}

TEST(Block, DamageIsNoticed) {
  BlockBuilder builder;
  builder.add(1, all_kinds(50)[1]);
  const Bytes blob = builder.finish(3);
  for (std::size_t i = 0; i < blob.size(); ++i) {
    Bytes damaged = blob;
    damaged[i] ^= 0x40U;
    EXPECT_FALSE(Block::open(damaged)) << "byte " << i;
  }
  EXPECT_FALSE(Block::open({}));
}

TEST(LogBatch, RowsFollowOneAnotherAndGenerationsStandAlone) {
  LogState writing;
  LogState reading;
  writing.begin(1);
  std::vector<Bytes> blobs;
  std::vector<std::vector<LoggedFloat>> rows;
  const std::vector<FloatColumns> all = all_kinds(60);
  for (std::size_t i = 0; i < 60; ++i) {
    if (i == 30) writing.begin(31);
    std::vector<LoggedFloat> row;
    for (std::uint32_t s = 0; s < all.size(); ++s) row.push_back({s * 2, all[s].times[i], all[s].values[i]});
    blobs.push_back(encode_log_batch(writing, row, {{3, static_cast<std::int64_t>(i), histogram(1)}}));
    rows.push_back(row);
  }
  for (std::size_t i = 30; i < 60; ++i) {  // without the first generation
    std::vector<LoggedFloat> floats;
    std::vector<LoggedHistogram> histograms;
    ASSERT_TRUE(decode_log_batch(reading, blobs[i], 26, floats, histograms));
    ASSERT_EQ(floats.size(), rows[i].size());
    for (std::size_t s = 0; s < floats.size(); ++s) {
      EXPECT_EQ(floats[s].series, rows[i][s].series);
      EXPECT_EQ(floats[s].time, rows[i][s].time);
      EXPECT_EQ(bits_of(floats[s].value), bits_of(rows[i][s].value));
    }
    ASSERT_EQ(histograms.size(), 1U);
  }
  std::vector<LoggedFloat> floats;
  std::vector<LoggedHistogram> histograms;
  EXPECT_FALSE(decode_log_batch(reading, blobs[59], 10, floats, histograms)) << "a series that the file does not have";
}

TEST(SeriesBlob, KeepsLabelsInAnyLanguage) {
  const std::vector<LabelSet> series{LabelSet::make({{"__name__", "prix_€"}, {"lieu", "zürich"}}).value(),
                                     LabelSet::make({{"метка", "значение"}, {"a", "line\nbreak \"quoted\""}}).value()};
  std::vector<LabelSet> back;
  ASSERT_TRUE(decode_series(encode_series(series), back));
  EXPECT_EQ(back, series);
}

TEST(PackedBlob, RefusesAHugeContentSize) {
  Bytes blob = pack_blob(Bytes(100, 7), 3);
  EXPECT_TRUE(unpack_blob(blob));
  blob.resize(blob.size() - 1);
  EXPECT_FALSE(unpack_blob(blob));
}

TEST(PackedBlob, IsTheSameAfterTheCompressorWasGivenUp) {
  Bytes content(1U << 20U);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : content) {
    state = state * 1'664'525U + 1'013'904'223U;
    byte = static_cast<std::uint8_t>(state >> 28U);
  }
  trim_blob_packer();  // there may be none yet
  const Bytes small = pack_blob(Bytes(100, 7), 1);
  const Bytes large = pack_blob(content, 6);
  trim_blob_packer();
  trim_blob_packer();
  EXPECT_EQ(pack_blob(Bytes(100, 7), 1), small);
  EXPECT_EQ(pack_blob(content, 6), large);
  EXPECT_EQ(unpack_blob(large), content);
}

}  // namespace
}  // namespace bellwether::storage
