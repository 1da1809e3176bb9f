// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Pushed and scraped samples of one series in the store.
#include <gtest/gtest.h>

#include "scrape/core/scrape_fixture.hpp"

namespace bellwether::scrape {
namespace {

using Values = std::vector<double>;

class PushedSamplesTest : public ScrapeTest {
 protected:
  void scrape_once(const std::string& extra = "") {
    auto with = manager_options();
    with.on_scrape = [this](const ScrapeResult& result) {
      id = result.id;
      time_ms = result.time_ms;
    };
    manager = std::make_unique<ScrapeManager>(*store, with);
    configure(job(extra));
    one_scrape();
  }
  void push(const std::string& series, std::int64_t at) {
    const auto pushed =
        manager->ingest_pushed(id, "text/plain; version=1.0.0", series + " " + std::to_string(at) + "\n");
    ASSERT_TRUE(pushed) << pushed.error().message;
  }

  TargetId id = 0;
  std::int64_t time_ms = 0;
};

TEST_F(PushedSamplesTest, one_that_meets_a_scrape_at_the_same_millisecond_is_not_lost) {
  fetcher.answer(a_url, "kill 0\n");
  scrape_once();
  push("kill 1", time_ms);
  push("kill 0", time_ms + 5);
  EXPECT_EQ(values("kill"), (Values{0, 1, 0}));
}

TEST_F(PushedSamplesTest, only_those_that_meet_a_scrape_are_stored_a_millisecond_later) {
  fetcher.answer(a_url, "kill 0\nprice 10\n");
  scrape_once();
  const std::string at = std::to_string(time_ms);
  const std::string later = std::to_string(time_ms + 2);
  const auto pushed = manager->ingest_pushed(
      id, "text/plain; version=1.0.0",
      "kill 1 " + at + "\nprice 11 " + later + "\nfresh 5 " + at + "\nfresh 6 " + at + "\nfresh 7 " + later + "\n");
  ASSERT_TRUE(pushed) << pushed.error().message;
  EXPECT_EQ(values("kill"), (Values{0, 1}));
  EXPECT_EQ(values("price"), (Values{10, 11}));  // once: it met nothing
  EXPECT_EQ(values("fresh"), (Values{5, 6, 7}));
}

TEST_F(PushedSamplesTest, those_before_the_scrape_that_stored_first_take_their_place_behind) {
  fetcher.answer(a_url, "kill 1\n");
  scrape_once();
  push("kill 0", time_ms - 30);
  push("kill 1", time_ms - 3);
  EXPECT_EQ(values("kill"), (Values{0, 1, 1}));
}

TEST_F(PushedSamplesTest, keep_their_times_where_those_of_scrapes_are_not_honoured) {
  fetcher.answer(a_url, "kill 0\n");
  scrape_once("  honor_timestamps: false\n");
  push("kill 1", time_ms + 1);
  push("kill 0", time_ms + 2);
  EXPECT_EQ(values("kill"), (Values{0, 1, 0}));
}

TEST_F(PushedSamplesTest, a_series_that_only_the_stream_has_shown_ends_with_the_next_scrape) {
  fetcher.answer(a_url, "kill 0\n");
  scrape_once();
  push("late 1", time_ms + 1);
  EXPECT_EQ(values("late"), Values{1});
  one_scrape();
  EXPECT_EQ(values("late"), (Values{1, stale}));
}

}  // namespace
}  // namespace bellwether::scrape
