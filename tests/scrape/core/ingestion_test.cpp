// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/core/scrape_fixture.hpp"
#include "scrape/histogram_limit.hpp"

namespace bellwether::scrape {
namespace {

using namespace std::chrono_literals;
using Values = std::vector<double>;
using Names = std::vector<std::string>;

class IngestionTest : public ScrapeTest {
 protected:
  void scrape(const std::string& body, const std::string& extra = "", const std::string& type = "text/plain") {
    fetcher.answer(a_url, body, type);
    configure(job(extra));
    one_scrape();
  }
};

TEST_F(IngestionTest, TheTargetsLabelsWinAndTheOthersAreExported) {
  scrape("m{job=\"mine\",exported_job=\"older\",instance=\"\"} 1\n");
  EXPECT_EQ(series("m"), Names{"{__name__=\"m\", exported_exported_job=\"mine\", exported_job=\"older\", "
                               "instance=\"a:1\", job=\"desk\"}"});
}

TEST_F(IngestionTest, HonorLabelsKeepsThoseOfTheTarget) {
  scrape("m{job=\"mine\",instance=\"\"} 1\n", "  honor_labels: true\n");
  EXPECT_EQ(series("m"), Names{"{__name__=\"m\", job=\"mine\"}"}) << "an empty label keeps the target's away";
}

TEST_F(IngestionTest, TimesOfTheTargetAreHonouredOrNot) {
  const std::string body = "m 1 " + std::to_string(noon - 1234) + "\n";
  scrape(body);
  EXPECT_EQ(times("m"), std::vector<std::int64_t>{noon - 1234});
  scrape(body, "  honor_timestamps: false\n");
  ASSERT_EQ(times("m").size(), 2U);
  EXPECT_EQ(times("m")[1], times("up")[1]);
}

TEST_F(IngestionTest, SampleLimitFailsTheScrapeAndStillCounts) {
  scrape("a 1\nb 2\nc 3\n", "  sample_limit: 2\n");
  EXPECT_EQ(last("up"), 0);
  EXPECT_EQ(values("a"), Values{});
  EXPECT_EQ(last("scrape_samples_post_metric_relabeling"), 3);
  EXPECT_NE(error().find("sample_limit"), std::string::npos);
  EXPECT_TRUE(counts("bellwether_scrape_limit_exceeded_total{limit=\"sample_limit\"} 1"));
  scrape("a 1\nb 2\n", "  sample_limit: 2\n");
  EXPECT_EQ(last("up"), 1);
}

TEST_F(IngestionTest, LabelLimitsFailTheScrape) {
  scrape("a{x=\"1\"} 1\n", "  label_limit: 3\n");
  EXPECT_NE(error().find("label_limit"), std::string::npos) << error();
  scrape("a{x=\"1\"} 1\n", "  label_limit: 4\n");
  EXPECT_EQ(error(), "");
  scrape("a{x=\"1234567890\"} 1\n", "  label_value_length_limit: 9\n");
  EXPECT_NE(error().find("label_value_length_limit"), std::string::npos) << error();
  scrape("a{x234567890=\"1\"} 1\n", "  label_name_length_limit: 9\n");
  EXPECT_NE(error().find("label_name_length_limit"), std::string::npos) << error();
}

TEST_F(IngestionTest, ASeriesTwiceInOneAnswerIsCountedAndTheFirstTaken) {
  scrape("a 1\na 2\n");
  one_scrape();
  EXPECT_EQ(values("a"), (Values{1, 1}));
  EXPECT_EQ(last("up"), 1);
  EXPECT_TRUE(counts("bellwether_scrape_samples_total{outcome=\"repeated\"} 2")) << render(registry);
}

TEST_F(IngestionTest, TooOldAndTooFarAheadAreCountedAndTheRestIsTaken) {
  scrape("old 1 " + std::to_string(noon - 86'400'000LL * 30) + "\nahead 1 " + std::to_string(noon + 86'400'000) +
         "\nfine 1\n");
  EXPECT_EQ(last("up"), 1);
  EXPECT_EQ(values("fine"), Values{1});
  EXPECT_TRUE(counts("bellwether_scrape_samples_total{outcome=\"too_old\"} 1")) << render(registry);
  EXPECT_TRUE(counts("bellwether_scrape_samples_total{outcome=\"too_far_ahead\"} 1"));
}

TEST_F(IngestionTest, WithoutAUsableContentTypeTheFallbackDecides) {
  scrape("a 1\n", "", "text/html");
  EXPECT_NE(error().find("fallback_scrape_protocol"), std::string::npos) << error();
  scrape("a 1\n", "  fallback_scrape_protocol: PrometheusText0.0.4\n", "text/html");
  EXPECT_EQ(error(), "");
  EXPECT_EQ(values("a"), Values{1});
}

TEST_F(IngestionTest, AtTheStoresLimitNewSeriesAreRefusedCountedAndLoggedOnce) {
  auto limited = options();
  limited.series_limit = 12;
  open(limited);
  std::string body;
  for (int i = 0; i < 50; ++i) body += "a{i=\"" + std::to_string(i) + "\"} 1\n";
  scrape(body);
  one_scrape();
  EXPECT_EQ(last("scrape_samples_scraped"), 50);
  EXPECT_TRUE(counts("bellwether_scrape_series_refused_total ")) << render(registry);
  EXPECT_EQ(
      std::count_if(messages.begin(), messages.end(),
                    [](const std::string& m) { return m.find("new series are not stored") != std::string::npos; }),
      1);
}

TEST_F(IngestionTest, SeriesAddedCountsOnlyNewOnes) {
  scrape("a 1\nb 1\n");
  fetcher.answer(a_url, "a 1\nb 1\nc 1\n");
  one_scrape();
  one_scrape();
  EXPECT_EQ(values("scrape_series_added"), (Values{2, 1, 0}));
}

TEST_F(IngestionTest, ExtraMetricsOnRequest) {
  auto with = manager_options();
  with.extra_metrics = true;
  manager = std::make_unique<ScrapeManager>(*store, with);
  scrape("a 1\n", "  sample_limit: 100\n");
  EXPECT_EQ(last("scrape_timeout_seconds"), 1);
  EXPECT_EQ(last("scrape_sample_limit"), 100);
  EXPECT_EQ(last("scrape_body_size_bytes"), 4);
}

TEST_F(IngestionTest, MetadataAndExemplarsAreKept) {
  const std::string om =
      "# HELP orders Orders.\n# TYPE orders counter\norders_total{v=\"x\"} 5 # {trace=\"t1\"} 1 1795176000.5\n# EOF\n";
  scrape(om, "", "application/openmetrics-text; version=1.0.0");
  ASSERT_EQ(error(), "");
  one_scrape();
  const FamilyMetadataPtr family = manager->metadata().find("orders");
  ASSERT_NE(family, nullptr);
  EXPECT_EQ(family->help, "Orders.");
  EXPECT_EQ(family->type, exposition::FamilyType::counter);
  const std::vector<std::vector<storage::Matcher>> selectors{named("orders_total")};
  auto found = manager->exemplars().select(selectors, 0, INT64_MAX);
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found[0].exemplars.size(), 1U) << "the same exemplar again is the same";
  EXPECT_EQ(found[0].exemplars[0].labels[0].second, "t1");
  EXPECT_EQ(found[0].exemplars[0].time_ms, 1795176000500);
  EXPECT_EQ(found[0].series.value("job"), "desk");
  EXPECT_TRUE(manager->exemplars().select(selectors, 0, 1795176000499).empty());
  std::uint64_t position = 0;
  EXPECT_EQ(manager->exemplars().read_from(position, 10).size(), 1U);
  EXPECT_EQ(manager->exemplars().read_from(position, 10).size(), 0U);
}

TEST_F(IngestionTest, HostileExpositionsFailAndHarmNothing) {
  const std::vector<std::string> bodies{
      std::string(100'000, '{'),  "a{b=\"" + std::string(200'000, 'x') + "\"} 1\n",
      "a{b=\"\xff\xfe\"} 1\n",    "a{b=\"1\",b=\"2\"} 1\n",
      std::string("a\0b 1\n", 6), "a 1\nb 2\nc",
  };
  scrape("good 1\n");
  for (const std::string& body : bodies) {
    fetcher.answer(a_url, body);
    one_scrape();
    EXPECT_EQ(last("up"), 0) << body.substr(0, 40);
    EXPECT_NE(error(), "");
  }
  fetcher.answer(a_url, "good 2\n");
  one_scrape();
  EXPECT_EQ(last("up"), 1);
  EXPECT_EQ(last("good"), 2);
}

TEST_F(IngestionTest, ASeriesThatTheStoreForgotIsFoundAgain) {
  scrape("a 1\nb 2\n");
  clock.advance(25h);  // no scrape meanwhile
  (void)store->seal();
  store->maintain();
  clock.advance(25h);
  (void)store->seal();
  one_scrape();
  one_scrape();
  EXPECT_EQ(last("a"), 1);
  EXPECT_EQ(last("b"), 2);
  EXPECT_EQ(last("up"), 1);
}

TEST(HistogramLimit, MergesNeighboursAndLosesNoCount) {
  exposition::NativeHistogramValue h;
  h.schema = 2;
  h.count = 21;
  h.positive_spans = {{-3, 4}, {2, 2}};  // -3 -2 -1 0, 3 4
  h.positive_counts = {1, 2, 3, 4, 5, 6};
  auto copy = h;
  lower_schema(copy, 1);
  // (i+1)/2 rounded up: -3 -> -1, -2 -> -1, -1 -> 0, 0 -> 0, 3 -> 2, 4 -> 2
  EXPECT_EQ(copy.positive_counts, (std::vector<double>{3, 7, 11}));
  EXPECT_EQ(copy.positive_spans, (std::vector<exposition::BucketSpan>{{-1, 2}, {1, 1}}));
  EXPECT_TRUE(limit_buckets(h, 2));
  EXPECT_EQ(h.schema, 0);
  EXPECT_EQ(h.positive_counts, (std::vector<double>{10, 11}));
  EXPECT_TRUE(limit_buckets(h, 0));
  h.negative_spans = {{0, 1}};
  h.negative_counts = {1};
  EXPECT_FALSE(limit_buckets(h, 1)) << "each side keeps one at least";
  EXPECT_EQ(h.schema, -4);
  auto wide = copy;
  widen_buckets(wide, 2);
  EXPECT_EQ(wide.schema, 0);
  widen_buckets(wide, 1.1);
  EXPECT_EQ(wide.schema, 0);
}

}  // namespace
}  // namespace bellwether::scrape
