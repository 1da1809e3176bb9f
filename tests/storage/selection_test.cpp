// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// What a query reads of series that lie on disk and in memory at once.
#include <algorithm>
#include <map>
#include <random>

#include "storage/block.hpp"
#include "storage/block_shelf.hpp"
#include "storage/label_order.hpp"
#include "storage/store_fixture.hpp"

namespace bellwether::storage {
namespace {

std::map<std::int64_t, double> as_map(const FloatColumns& rows, std::size_t begin, std::size_t end) {
  std::map<std::int64_t, double> out;
  for (std::size_t i = begin; i < end; ++i) out.emplace(rows.times[i], rows.values[i]);
  return out;
}

TEST(FloatColumns, SettleAsAMapThatKeepsTheFirst) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    FloatColumns rows;
    const auto add = [&](std::size_t count, std::int64_t time, double value) {
      for (std::size_t i = 0; i < count; ++i) {
        time += 1 + static_cast<std::int64_t>(random() % (round % 3 == 0 ? 1 : 3));
        rows.times.push_back(time);
        rows.values.push_back(value + static_cast<double>(i));
      }
    };
    const std::size_t start = random() % 3;
    add(start, 1000, 0);  // not to be touched, whatever their times
    add(random() % 12, static_cast<std::int64_t>(random() % 8), 100);
    const std::size_t middle = rows.size();
    add(random() % 12, static_cast<std::int64_t>(random() % 16), 200);
    std::map<std::int64_t, double> expected = as_map(rows, start, middle);
    expected.merge(as_map(rows, middle, rows.size()));
    const FloatColumns before = rows;
    settle(rows, start, middle);
    ASSERT_EQ(rows.times.size(), rows.values.size());
    ASSERT_EQ(rows.size() - start, expected.size());
    ASSERT_TRUE(
        std::equal(rows.times.begin(), rows.times.begin() + static_cast<std::ptrdiff_t>(start), before.times.begin()));
    std::size_t i = start;
    for (const auto& [time, value] : expected) {
      ASSERT_EQ(rows.times[i], time);
      ASSERT_EQ(rows.values[i++], value);
    }
  }
}

TEST(LabelOrder, IsThatOfTheTextsHoweverManyAndWhereverTheyStand) {
  std::mt19937 random(3);
  for (const std::size_t count : {0U, 1U, 5U, 31U, 200U, 3000U}) {
    for (const unsigned values : {1U, 4U, 5000U}) {
      std::deque<std::string> texts;
      std::vector<std::vector<LabelView>> labels(count);
      std::map<std::string, std::string_view> interned;
      const auto text = [&](std::string wanted) {
        if (random() % 8 == 0) return std::string_view(texts.emplace_back(std::move(wanted)));  // of another index
        auto& found = interned[wanted];
        if (found.data() == nullptr) found = texts.emplace_back(std::move(wanted));
        return found;
      };
      for (auto& each : labels) {
        each.push_back({text("__name__"), text("x")});
        for (int place = 0; place < 8; ++place) {
          if (random() % 10 == 0) continue;
          each.push_back({text("label_" + std::to_string(place)), text(std::to_string(random() % values))});
        }
        if (random() % 5 == 0) each.resize(1);
      }
      const std::vector<Labels> series(labels.begin(), labels.end());
      std::vector<std::uint32_t> expected(count);
      for (std::uint32_t i = 0; i < count; ++i) expected[i] = i;
      std::stable_sort(expected.begin(), expected.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::lexicographical_compare(series[a].begin(), series[a].end(), series[b].begin(), series[b].end(),
                                            [](const LabelView& x, const LabelView& y) {
                                              return std::pair(x.name, x.value) < std::pair(y.name, y.value);
                                            });
      });
      ASSERT_EQ(order_by_labels(series), expected) << count << " series, " << values << " values";
    }
  }
}

TEST(Block, FindsSeriesInAnyOrderAndOnesThatStandTwice) {
  BlockBuilder builder;
  builder.add(40, FloatColumns{{10, 20}, {1, 2}});
  builder.add(7, FloatColumns{{5, 15}, {3, 4}});
  builder.add(40, FloatColumns{{15, 20, 25}, {5, 6, 7}});
  builder.add(40, std::vector<HistogramSample>{{30, {}}});
  builder.add(9, FloatColumns{{5}, {8}});
  const std::optional<Block> block = Block::open(builder.finish(1));
  ASSERT_TRUE(block);
  EXPECT_EQ(block->find(40).size(), 3U);
  EXPECT_EQ(block->find(9).size(), 1U);
  for (const std::uint32_t absent : {0U, 8U, 39U, 41U, UINT32_MAX}) EXPECT_TRUE(block->find(absent).empty());
  FloatColumns rows;
  ASSERT_TRUE(block->read(40, INT64_MIN, INT64_MAX, rows));
  EXPECT_EQ(rows.times, (std::vector<std::int64_t>{10, 15, 20, 25}));
  EXPECT_EQ(rows.values, (std::vector<double>{1, 5, 2, 7}));
  rows.clear();
  ASSERT_TRUE(block->read(40, 16, 24, rows));
  EXPECT_EQ(rows.values, (std::vector<double>{2}));
  std::vector<HistogramSample> histograms;
  ASSERT_TRUE(block->read(40, 0, 100, histograms));
  EXPECT_EQ(histograms.size(), 1U);
  EXPECT_FALSE(Block::open(BlockBuilder().finish(1)).value().find(0).size());
}

TEST(BlockShelf, KeepsTheRowsOfOneVersionOfAGroup) {
  BlockShelf shelf;
  const auto rows = std::make_shared<const GroupRows>();
  shelf.put_rows(1, 0, 4, rows);
  EXPECT_EQ(shelf.find_rows(1, 0, 4), rows);
  EXPECT_EQ(shelf.find_rows(1, 0, 6), nullptr);
  EXPECT_EQ(shelf.find_rows(1, 1, 4), nullptr);
  EXPECT_EQ(shelf.find(1, 0), nullptr) << "a block of this number is something else";
  const auto newer = std::make_shared<const GroupRows>();
  shelf.put_rows(1, 0, 6, newer);
  shelf.put_rows(1, 0, 4, rows);
  EXPECT_EQ(shelf.find_rows(1, 0, 6), newer);
  EXPECT_EQ(shelf.bytes(), newer->bytes());
}

class SelectionTest : public StoreTest {
 protected:
  void tick(std::int64_t seconds) { clock.advance(std::chrono::seconds{seconds}); }
  std::int64_t now() const { return std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall()).count(); }
  Selection select() { return store->querier().select(named("x"), noon - day_ms, now() + 1000); }

  static HistogramValue histogram(double count) {
    HistogramValue value;
    value.schema = 2;
    value.positive_spans = {{0, 1}};
    value.positive_counts = {count};
    value.count = count;
    value.sum = count;
    return value;
  }
};

TEST_F(SelectionTest, WhatIsOnDiskAndInMemoryShowsOnceWithLateSamplesInItsMidst) {
  StoreOptions with = options();
  with.memory_window = std::chrono::seconds{30};
  open(with);
  const SeriesRef ref = series({{"__name__", "x"}});
  Samples expected;
  for (int i = 0; i < 300; ++i) {  // chunks in memory reach back behind blocks
    tick(1);
    if (i % 50 == 20) continue;
    ASSERT_EQ(append(ref, now(), i), Outcome::appended);
    expected.emplace_back(now(), bits_of(i));
    if (i % 50 == 40) {
      const std::int64_t late = now() - 20'500;
      ASSERT_EQ(append(ref, late, -i), Outcome::out_of_order);
      expected.emplace_back(late, bits_of(-i));
    }
    if (i % 60 == 59) {
      ASSERT_TRUE(store->seal());
    }
    std::sort(expected.begin(), expected.end());
    if (i % 7 != 0) continue;
    ASSERT_EQ(read("x"), expected) << i;
  }
  for (int i = 0; i < 250; i += 11) {  // each part of it, beginning and ending within blocks and chunks
    const std::int64_t from = noon + i * 1000;
    const std::int64_t to = from + i * 700;
    Samples part;
    for (const auto& sample : expected) {
      if (sample.first >= from && sample.first <= to) part.push_back(sample);
    }
    ASSERT_EQ(read("x", from, to), part) << i;
  }
  open();
  EXPECT_EQ(read("x"), expected);
}

TEST_F(SelectionTest, OfEqualTimesTheFirstStaysWhenTheStoreHadForgottenIt) {
  open();
  SeriesRef ref = series({{"__name__", "x"}});
  Samples expected;
  for (int i = 0; i < 20; ++i) {
    tick(1);
    ASSERT_EQ(append(ref, now(), i), Outcome::appended);
    expected.emplace_back(now(), bits_of(i));
  }
  store.reset();
  tick(86'400);
  open();
  ref = series({{"__name__", "x"}});
  for (const auto& sample : expected) (void)append(ref, sample.first, -1);  // a closed day has them
  EXPECT_EQ(read("x"), expected);
  ASSERT_TRUE(store->seal());
  EXPECT_EQ(read("x"), expected);
  tick(1);
  ASSERT_EQ(append(ref, now(), 5), Outcome::appended);
  expected.emplace_back(now(), bits_of(5));
  EXPECT_EQ(read("x"), expected);
  open();
  EXPECT_EQ(read("x"), expected);
}

TEST_F(SelectionTest, ASeriesThatPausedAndIsFilledBehindKeepsWhatItHad) {
  open();
  const SeriesRef ref = series({{"__name__", "x"}});
  const SeriesRef other = series({{"__name__", "y"}});
  Samples expected;
  for (int i = 0; i < 20; ++i) {
    tick(1);
    ASSERT_EQ(append(ref, now(), i), Outcome::appended);
    expected.emplace_back(now(), bits_of(i));
  }
  for (int i = 0; i < 6; ++i) {  // the newest blocks know nothing of x
    tick(3600);
    ASSERT_EQ(append(other, now(), i), Outcome::appended);
    ASSERT_TRUE(store->seal());
  }
  open();
  const SeriesRef again = series({{"__name__", "x"}});
  for (const auto& sample : expected) (void)append(again, sample.first, -1);
  EXPECT_EQ(read("x"), expected);
  ASSERT_TRUE(store->seal());
  EXPECT_EQ(read("x"), expected);
}

TEST_F(SelectionTest, FloatsAndHistogramsOfOneSeriesComeInOnePass) {
  StoreOptions with = options();
  with.memory_window = std::chrono::seconds{20};
  open(with);
  const SeriesRef ref = series({{"__name__", "x"}});
  const SeriesRef plain = series({{"__name__", "x"}, {"kind", "plain"}});
  for (int i = 0; i < 100; ++i) {
    tick(1);
    Appender appender = store->appender();
    appender.append(plain, now(), i);
    if (i % 3 == 0) {
      appender.append(ref, now(), histogram(i + 1));
    } else {
      appender.append(ref, now(), i);
    }
    ASSERT_EQ(appender.commit().of(Outcome::appended), 2U);
    if (i % 30 != 29) continue;
    ASSERT_TRUE(store->seal());
  }
  ASSERT_TRUE(store->delete_samples(named("x"), noon + 10'000, noon + 14'000));
  Selection selection = select();
  ASSERT_EQ(selection.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    for (const std::int64_t from : {noon, noon + 37'000, noon + 85'000}) {
      FloatColumns floats;
      FloatColumns both_floats{{1}, {1}};  // what was there stays
      std::vector<HistogramSample> histograms;
      std::vector<HistogramSample> both_histograms;
      selection.read(i, from, now(), floats);
      selection.read(i, from, now(), histograms);
      selection.read(i, from, now(), both_floats, both_histograms);
      ASSERT_EQ(both_floats.times.front(), 1);
      erase_rows(both_floats, 0, 1);
      EXPECT_EQ(floats.times, both_floats.times);
      EXPECT_EQ(floats.values, both_floats.values);
      ASSERT_EQ(histograms.size(), both_histograms.size());
      EXPECT_EQ(histograms.empty(), i == 1);
      for (std::size_t k = 0; k < histograms.size(); ++k) {
        EXPECT_EQ(histograms[k].time, both_histograms[k].time);
        EXPECT_TRUE(same_histogram(histograms[k].value, both_histograms[k].value));
      }
      EXPECT_EQ(floats.size() + histograms.size(),
                from == noon ? 95U : static_cast<std::size_t>((now() - from) / 1000 + 1));
    }
  }
  EXPECT_TRUE(selection.warnings().empty());
}

// A query finds on the shelf what blocks there are, and goes to the file only later, when that has others.
TEST_F(SelectionTest, AQueryThatGoesOnWhileBlocksAreSealedAndMergedMissesNothing) {
  StoreOptions with = options();
  with.memory_window = std::chrono::seconds{20};
  open(with);
  constexpr int series_count = 300;  // two groups
  std::vector<SeriesRef> refs;
  for (int i = 0; i < series_count; ++i) {
    refs.push_back(series({{"__name__", "x"}, {"i", std::to_string(1000 + i)}}));
  }
  std::vector<std::int64_t> times;
  const auto fill = [&] {
    for (int k = 0; k < 10; ++k) {
      tick(6);
      Appender appender = store->appender();
      for (const SeriesRef ref : refs) appender.append(ref, now(), k);
      EXPECT_EQ(appender.commit().of(Outcome::appended), static_cast<std::uint32_t>(series_count));
      times.push_back(now());
    }
    ASSERT_TRUE(store->seal());
  };
  const auto expect_all = [&](Selection& selection, std::size_t i, std::int64_t from, std::size_t count) {
    FloatColumns rows;
    selection.read(i, from, INT64_MAX / 2, rows);
    const auto first = static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), from) - times.begin());
    ASSERT_EQ(rows.times, std::vector<std::int64_t>(times.begin() + static_cast<std::ptrdiff_t>(first),
                                                    times.begin() + static_cast<std::ptrdiff_t>(count)))
        << i;
  };
  for (int i = 0; i < 4; ++i) fill();
  {
    Selection first = select();  // of one group, and of its blocks the newer ones
    expect_all(first, 0, times[25], times.size());
  }
  for (int round = 0; round < 3; ++round) {
    Selection selection = select();
    const std::size_t count = times.size();
    expect_all(selection, 0, times[25], count);
    fill();
    fill();
    store->maintain();                                     // merges
    expect_all(selection, 0, noon, count);                 // blocks that are not on the shelf
    expect_all(selection, series_count - 1, noon, count);  // a group that is not
    expect_all(selection, 0, noon, count);
    EXPECT_TRUE(selection.warnings().empty());
    Selection next = select();
    expect_all(next, 0, times[25], times.size());
    expect_all(next, 1, noon, times.size());
  }
}

}  // namespace
}  // namespace bellwether::storage
