// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/core/scrape_fixture.hpp"

namespace bellwether::scrape {
namespace {

using namespace std::chrono_literals;
using Values = std::vector<double>;

class Staleness : public ScrapeTest {};

TEST_F(Staleness, MarksASeriesThatVanishesAndNoOther) {
  fetcher.answer(a_url, "one 1\ntwo 2\n");
  configure(job());
  one_scrape();
  fetcher.answer(a_url, "one 1\n");
  one_scrape();
  one_scrape();
  EXPECT_EQ(values("one"), (Values{1, 1, 1}));
  EXPECT_EQ(values("two"), (Values{2, stale})) << "one marker, not one each scrape";
  fetcher.answer(a_url, "one 1\ntwo 3\n");
  one_scrape();
  EXPECT_EQ(values("two"), (Values{2, stale, 3}));
}

TEST_F(Staleness, MarksAllSeriesOfAFailedScrapeOnce) {
  fetcher.answer(a_url, "one 1\n");
  configure(job());
  one_scrape();
  fetcher.fail(a_url);
  one_scrape();
  one_scrape();
  EXPECT_EQ(values("one"), (Values{1, stale}));
  EXPECT_EQ(values("up"), (Values{1, 0, 0}));
  EXPECT_EQ(values("scrape_samples_scraped"), (Values{1, 0, 0}));
  fetcher.answer(a_url, "one 5\n");
  one_scrape();
  EXPECT_EQ(values("one"), (Values{1, stale, 5}));
  EXPECT_EQ(values("up"), (Values{1, 0, 0, 1}));
}

TEST_F(Staleness, OfAScrapeThatBreaksInTheMidstNothingIsStored) {
  fetcher.answer(a_url, "one 1\n");
  configure(job());
  one_scrape();
  fetcher.answer(a_url, "one 2\nnew 7\nbroken{ 3\n");
  one_scrape();
  one_scrape();
  EXPECT_EQ(values("one"), (Values{1, stale}));
  EXPECT_EQ(values("new"), Values{});
  EXPECT_EQ(last("up"), 0);
  EXPECT_NE(error().find("line 3"), std::string::npos) << error();
}

TEST_F(Staleness, MarksARemovedTargetAndItsReports) {
  fetcher.answer(a_url, "one 1\n");
  fetcher.answer(b_url, "other 1\n");
  configure(job("", "[a:1, b:1]"));
  one_scrape();
  configure(job("", "[b:1]"));
  one_scrape();
  EXPECT_EQ(values("one"), (Values{1, stale}));
  EXPECT_EQ(values("up", "instance", "a:1"), (Values{1, stale}));
  EXPECT_EQ(values("scrape_duration_seconds", "instance", "a:1").back(), stale);
  EXPECT_EQ(values("other"), (Values{1, 1}));
}

TEST_F(Staleness, MarksAllAtACleanStop) {
  fetcher.answer(a_url, "one 1\n");
  configure(job());
  one_scrape();
  manager->stop();
  EXPECT_EQ(values("one"), (Values{1, stale}));
  EXPECT_EQ(values("up"), (Values{1, stale}));
  EXPECT_FALSE(apply(job()));
  manager->stop();
  EXPECT_EQ(values("up"), (Values{1, stale}));
}

TEST_F(Staleness, SeriesWithTheirOwnTimesGetNoneUnlessTracked) {
  const std::string body = "one 1 " + std::to_string(noon) + "\n";
  fetcher.answer(a_url, body);
  configure(job());
  one_scrape();
  fetcher.answer(a_url, "");
  one_scrape();
  EXPECT_EQ(values("one"), Values{1});
  configure(job("  track_timestamps_staleness: true\n"));
  fetcher.answer(a_url, body);
  one_scrape();
  fetcher.answer(a_url, "");
  one_scrape();
  EXPECT_EQ(values("one"), (Values{1, stale}));
}

TEST_F(Staleness, ASeriesThatIsSpelledOtherwiseIsNotGone) {
  fetcher.answer(a_url, "one{x=\"1\",y=\"2\"} 1\n");
  configure(job());
  one_scrape();
  fetcher.answer(a_url, "one{y=\"2\",x=\"1\"} 2\n");
  one_scrape();
  EXPECT_EQ(values("one"), (Values{1, 2}));
}

TEST_F(Staleness, ChangedRelabellingMarksWhatItDropsAndRenamesTheRest) {
  fetcher.answer(a_url, "one 1\ntwo 2\n");
  configure(job());
  one_scrape();
  configure(job("  metric_relabel_configs:\n  - source_labels: [__name__]\n    regex: two\n    action: drop\n"));
  one_scrape();
  EXPECT_EQ(values("one"), (Values{1, 1}));
  EXPECT_EQ(values("two"), (Values{2, stale}));
  EXPECT_EQ(last("scrape_samples_scraped"), 2);
  EXPECT_EQ(last("scrape_samples_post_metric_relabeling"), 1);
}

TEST_F(Staleness, ManySeriesThatComeAndGoLeaveNoneBehind) {
  configure(job());
  for (int round = 0; round < 6; ++round) {
    std::string body;
    for (int i = 0; i < 200; ++i) body += "churn{i=\"" + std::to_string(round * 100 + i) + "\"} 1\n";
    fetcher.answer(a_url, body);
    one_scrape();
  }
  storage::Selection found = store->querier().select(named("churn"), INT64_MIN / 2, INT64_MAX / 2);
  ASSERT_EQ(found.size(), 700U);
  std::size_t alive = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    storage::FloatColumns rows;
    found.read(i, rows);
    if (!storage::is_stale(rows.values.back())) ++alive;
    EXPECT_LE(rows.values.size(), 3U);
  }
  EXPECT_EQ(alive, 200U);
}

}  // namespace
}  // namespace bellwether::scrape
