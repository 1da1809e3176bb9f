// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <thread>

#include "storage/store_fixture.hpp"

namespace bellwether::storage {
namespace {

using StoreConcurrency = StoreTest;

// Every commit gives all series the same value at the same time: a reader that sees two lengths saw half a commit.
TEST_F(StoreConcurrency, AReaderSeesWholeCommitsWhileTheStoreSealsAndEvicts) {
  constexpr int series_count = 40;
  constexpr int commits = 4000;
  StoreOptions with = options();
  with.memory_window = std::chrono::seconds{60};
  open(with);
  std::vector<SeriesRef> refs;
  for (int i = 0; i < series_count; ++i) refs.push_back(series({{"__name__", "x"}, {"i", std::to_string(i)}}));
  std::atomic<bool> done{false};
  std::atomic<int> reads{0};
  const auto reader = [&] {
    const std::vector<Matcher> matchers = named("x");
    std::size_t last = 0;
    while (!done || reads < 10) {
      Selection selection = store->querier().select(matchers, 0, INT64_MAX / 2);
      FloatColumns first;
      FloatColumns other;
      selection.read(0, first);
      for (const std::string& warning : selection.warnings()) ADD_FAILURE() << warning;
      ASSERT_GE(first.times.size(), last) << "a later query sees no less";
      last = first.times.size();
      for (std::size_t i = 0; i < first.times.size(); ++i) ASSERT_EQ(first.values[i], static_cast<double>(i));
      for (std::size_t s = 1; s < selection.size(); s += 13) {
        other.clear();
        selection.read(s, other);
        ASSERT_EQ(other.times, first.times);
      }
      ++reads;
    }
  };
  std::thread one(reader);
  std::thread two(reader);
  std::thread keeper([&] {
    while (!done) {
      (void)store->flush();
      (void)store->seal();
      store->maintain();
    }
  });
  Appender appender = store->appender();
  for (int c = 0; c < commits; ++c) {
    for (const SeriesRef ref : refs) appender.append(ref, noon + c * 1000, c);
    EXPECT_EQ(appender.commit().of(Outcome::appended), static_cast<std::uint32_t>(series_count));
    clock.advance(std::chrono::seconds{1});
    if (c % 50 == 0) series({{"__name__", "other"}, {"c", std::to_string(c)}});
  }
  done = true;
  one.join();
  two.join();
  keeper.join();
}

TEST_F(StoreConcurrency, ManyAppendersAndTheBackgroundThread) {
  StoreOptions with = options();
  with.background = true;
  with.flush_interval = std::chrono::milliseconds{1};
  with.seal_samples = 50;
  open(with);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const SeriesRef ref = series({{"__name__", "t" + std::to_string(t)}});
      Appender appender = store->appender();
      for (int i = 0; i < 1000; ++i) {
        appender.append(ref, noon + i, i);
        appender.commit();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int t = 0; t < 4; ++t) EXPECT_EQ(read("t" + std::to_string(t)).size(), 1000U);
  open();
  for (int t = 0; t < 4; ++t) EXPECT_EQ(read("t" + std::to_string(t)).size(), 1000U);
}

}  // namespace
}  // namespace bellwether::storage
