// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/instrument_cache.hpp"

#include <gtest/gtest.h>

#include "paper/store/embedded_store.hpp"
#include "paper/store/store_fakes.hpp"

namespace bellwether::paper {
namespace {

using namespace std::chrono_literals;

class CountingCache final : public CacheObserver {
 public:
  void on_cache_hit(std::string_view level) override { ++counts_["hit " + std::string(level)]; }
  void on_cache_miss(std::string_view level) override { ++counts_["miss " + std::string(level)]; }
  int operator[](const std::string& what) { return counts_[what]; }

 private:
  std::map<std::string, int> counts_;
};

struct InstrumentCacheTest : testing::Test {
  InstrumentCache make(StateStore* level2) {
    return InstrumentCache([this](std::string_view key) { return load(key); }, level2,
                           level2 != nullptr ? &writer : nullptr,
                           {.l1_ttl = 10s, .l2_ttl = 60s, .max_entries = 3, .observer = &counts, .clock = &clock});
  }
  Result<std::string> load(std::string_view key) {
    ++loads;
    if (key == "unknown") return Error{"no such instrument"};
    if (key == "throws") throw std::runtime_error("out of order");
    return "rules of " + std::string(key);
  }

  ManualClock clock{1'700'000'000s};
  test::FakeStore store{{.clock = &clock}};
  StateWriter writer{store, {.background = false}};
  CountingCache counts;
  int loads = 0;
};

TEST_F(InstrumentCacheTest, LoadsOnceThenKnows) {
  InstrumentCache cache = make(&store);
  for (int call = 0; call < 5; ++call) EXPECT_EQ(*cache.get("BTC").value(), "rules of BTC");
  EXPECT_EQ(loads, 1);
  EXPECT_EQ(counts["hit L1"], 4);
  EXPECT_EQ(counts["miss L1"], 1);
  EXPECT_EQ(counts["miss L2"], 1);
}

TEST_F(InstrumentCacheTest, TheSecondLevelOutlivesTheFirstAndTheProcess) {
  InstrumentCache cache = make(&store);
  static_cast<void>(cache.get("BTC"));
  writer.run_once().value();
  clock.advance(10s);
  EXPECT_EQ(*cache.get("BTC").value(), "rules of BTC");
  EXPECT_EQ(counts["hit L2"], 1);
  InstrumentCache restarted = make(&store);
  EXPECT_EQ(*restarted.get("BTC").value(), "rules of BTC");
  EXPECT_EQ(counts["hit L2"], 2);
  EXPECT_EQ(loads, 1);
  clock.advance(50s);  // now it is old on both levels
  static_cast<void>(cache.get("BTC"));
  EXPECT_EQ(loads, 2);
}

TEST_F(InstrumentCacheTest, AValueFromTheStoreLivesNoLongerThanItWasLoadedFor) {
  InstrumentCache cache = make(&store);
  static_cast<void>(cache.get("BTC"));
  writer.run_once().value();
  clock.advance(55s);
  static_cast<void>(cache.get("BTC"));  // from the store, good for 5 s
  clock.advance(5s);
  static_cast<void>(cache.get("BTC"));
  EXPECT_EQ(loads, 2);
}

TEST_F(InstrumentCacheTest, AFailingStoreIsAMiss) {
  store.moods.set(test::Mood::away);
  InstrumentCache cache = make(&store);
  EXPECT_TRUE(cache.get("BTC"));
  EXPECT_TRUE(cache.get("BTC"));
  EXPECT_EQ(loads, 1);
  EXPECT_EQ(counts["miss L2"], 1);
}

TEST_F(InstrumentCacheTest, NonsenseInTheStoreIsAMiss) {
  InstrumentCache cache = make(&store);
  const std::string far = std::to_string((clock.wall() + 24h).count());
  for (const std::string& text : {std::string(), std::string(":"), std::string("12"), std::string("x:y"),
                                  std::string("-5:y"), std::string("99999999999999999999999:y"), far + ":y"}) {
    store.values["cache/BTC"] = text;
    cache.invalidate("BTC");
    EXPECT_EQ(*cache.get("BTC").value(), "rules of BTC") << text;
  }
  EXPECT_EQ(counts["hit L2"], 0);
}

TEST_F(InstrumentCacheTest, ErrorsAreReturnedAndNotKept) {
  InstrumentCache cache = make(nullptr);
  EXPECT_EQ(cache.get("unknown").error().message, "no such instrument");
  EXPECT_FALSE(cache.get("unknown"));
  EXPECT_EQ(loads, 2);
  EXPECT_NE(cache.get("throws").error().message.find("out of order"), std::string::npos);
  EXPECT_EQ(counts["miss L2"], 0) << "there is no second level";
}

TEST_F(InstrumentCacheTest, ForgetsWhatWasNotAskedForTheLongest) {
  InstrumentCache cache = make(nullptr);
  for (const char* key : {"a", "b", "c", "a", "d"}) static_cast<void>(cache.get(key));  // b goes
  EXPECT_EQ(cache.size(), 3U);
  EXPECT_EQ(loads, 4);
  static_cast<void>(cache.get("a"));
  EXPECT_EQ(loads, 4);
  static_cast<void>(cache.get("b"));
  EXPECT_EQ(loads, 5);
}

TEST_F(InstrumentCacheTest, InvalidatedIsForgottenOnBothLevels) {
  InstrumentCache cache = make(&store);
  static_cast<void>(cache.get("BTC"));
  writer.run_once().value();
  cache.invalidate("BTC");
  cache.invalidate("never there");
  writer.run_once().value();
  EXPECT_TRUE(store.values.empty());
  static_cast<void>(cache.get("BTC"));
  EXPECT_EQ(loads, 2);
}

TEST(InstrumentCacheThreads, ManyAskForTheSame) {
  EmbeddedStore store;
  StateWriter writer(store, {.interval = std::chrono::milliseconds{1}});
  InstrumentCache cache([](std::string_view key) { return Result<std::string>(std::string(key)); }, &store, &writer,
                        {.max_entries = 4});
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&cache] {
      for (int number = 0; number < 500; ++number) {
        const std::string key = std::to_string(number % 7);
        if (*cache.get(key).value() != key) std::abort();
        if (number % 50 == 0) cache.invalidate(key);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(cache.size(), 4U);
}

}  // namespace
}  // namespace bellwether::paper
