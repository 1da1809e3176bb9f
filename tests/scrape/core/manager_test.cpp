// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "scrape/core/scrape_fixture.hpp"
#include "scrape/schedule.hpp"

namespace bellwether::scrape {
namespace {

using namespace std::chrono_literals;
using Values = std::vector<double>;

class ManagerTest : public ScrapeTest {};

TEST_F(ManagerTest, SamplesBearTheScheduledTimeAlsoWhenAMillisecondLate) {
  fetcher.answer(a_url, "one 1\n");
  configure(job());
  const auto first = manager->run_due();
  ASSERT_TRUE(first);
  for (int i = 0; i < 10; ++i) {
    const auto next = manager->run_due();
    clock.advance(*next - clock.monotonic() + (i % 2 == 0 ? 900us : 0us));
  }
  (void)manager->run_due();
  const auto at = times("one");
  ASSERT_EQ(at.size(), 10U);
  for (std::size_t i = 1; i < at.size(); ++i) EXPECT_EQ(at[i] - at[i - 1], 1000);
}

TEST_F(ManagerTest, TargetsAreSpreadOverTheInterval) {
  std::string list = "[";
  for (int i = 0; i < 100; ++i) list += "h" + std::to_string(i) + ":1,";
  list.back() = ']';
  configure(job("", list));
  std::set<std::int64_t> due;
  const auto end = clock.monotonic() + 1s;
  while (const auto next = manager->run_due()) {
    if (*next >= end) break;
    due.insert(next->count() / 1'000'000);
    clock.advance(*next - clock.monotonic());
  }
  EXPECT_GT(due.size(), 80U);
}

TEST_F(ManagerTest, FiftyMillisecondsAreKept) {
  fetcher.answer(a_url, "one 1\n");
  configure(
      "scrape_configs:\n- job_name: fast\n  scrape_interval: 50ms\n  scrape_timeout: 50ms\n  static_configs:\n  - "
      "targets: [a:1]\n");
  pass(10s);
  EXPECT_EQ(times("one").size(), 200U);
}

TEST_F(ManagerTest, AHangingTargetHurtsOnlyItself) {
  fetcher.answer(a_url, "one 1\n");
  fetcher.answer(b_url, "other 1\n");
  fetcher.hang(a_url);
  configure(job("", "[a:1, b:1]"));
  pass(10s);
  EXPECT_EQ(values("other").size(), 10U);
  EXPECT_EQ(values("one").size(), 0U);
  EXPECT_EQ(fetcher.asked[a_url], 1);
  EXPECT_TRUE(counts("bellwether_scrape_skipped_total 9")) << render(registry);
  fetcher.release(a_url);
  pass(2s);
  EXPECT_EQ(values("one").size(), 3U) << "the late answer, too";
}

TEST_F(ManagerTest, AReloadLosesNoSampleOfWhatStays) {
  fetcher.answer(a_url, "one 1\n");
  fetcher.answer(b_url, "other 1\n");
  configure(job());
  pass(5s);
  const TargetId id = manager->targets().active.at(0).id;
  for (int i = 0; i < 5; ++i) {
    configure(job(i % 2 == 0 ? "  sample_limit: 10\n" : "", i % 2 == 0 ? "[a:1, b:1]" : "[a:1]"));
    pass(1s);
  }
  EXPECT_EQ(values("one"), Values(10, 1.0));
  const auto at = times("one");
  for (std::size_t i = 1; i < at.size(); ++i) EXPECT_EQ(at[i] - at[i - 1], 1000);
  EXPECT_EQ(manager->targets().active.at(0).id, id);
}

TEST_F(ManagerTest, AReloadWhileAScrapeIsUnderWayLosesItNot) {
  fetcher.answer(a_url, "one 1\n");
  fetcher.hang(a_url);
  configure(job());
  one_scrape();
  ASSERT_EQ(fetcher.asked[a_url], 1);
  configure(job("  body_size_limit: 1MB\n"));
  fetcher.release(a_url);
  (void)manager->run_due();
  EXPECT_EQ(values("one"), Values{1});
}

TEST_F(ManagerTest, ABrokenConfigurationChangesNothing) {
  fetcher.answer(a_url, "one 1\n");
  configure(job());
  one_scrape();
  auto config = config::parse_prometheus_config(job("", "[b:1]"), "x").value();
  config::RelabelConfig broken;
  broken.regex = "(";
  config.scrape_configs[0].metric_relabel_configs.push_back(broken);
  EXPECT_FALSE(manager->apply(config));
  one_scrape();
  EXPECT_EQ(values("one"), (Values{1, 1}));
  EXPECT_TRUE(counts("bellwether_scrape_reloads_total{outcome=\"refused\"} 1"));
}

TEST_F(ManagerTest, AnotherIntervalTakesHold) {
  fetcher.answer(a_url, "one 1\n");
  configure(job());
  pass(3s);
  configure(
      "scrape_configs:\n- job_name: desk\n  scrape_interval: 100ms\n  scrape_timeout: 100ms\n  static_configs:\n  - "
      "targets: [a:1]\n");
  pass(1s);
  EXPECT_EQ(values("one").size(), 13U);
}

TEST_F(ManagerTest, TellsHowEachTargetStands) {
  fetcher.answer(a_url, "one 1\n");
  configure(job("  relabel_configs:\n  - source_labels: [__address__]\n    regex: c:1\n    action: drop\n",
                "[a:1, b:1, c:1]"));
  TargetStates before = manager->targets();
  ASSERT_EQ(before.active.size(), 2U);
  EXPECT_EQ(before.active[0].health, TargetHealth::unknown);
  one_scrape();
  const TargetStates after = manager->targets();
  EXPECT_EQ(after.active[0].health, TargetHealth::up);
  EXPECT_EQ(after.active[0].target.url, a_url);
  EXPECT_EQ(after.active[0].target.labels.at("instance"), "a:1");
  EXPECT_EQ(after.active[0].last_scrape_ms, times("one").back());
  EXPECT_EQ(after.active[1].health, TargetHealth::down);
  EXPECT_NE(after.active[1].last_error.find("nobody there"), std::string::npos);
  ASSERT_EQ(after.dropped.size(), 1U);
  EXPECT_EQ(after.dropped[0].discovered.at("__address__"), "c:1");
  EXPECT_EQ(after.dropped_counts, (std::vector<std::pair<std::string, std::size_t>>{{"desk", 1}}));
}

TEST_F(ManagerTest, BeyondTheTargetLimitNoneIsAsked) {
  configure(job("  target_limit: 1\n", "[a:1, b:1]"));
  one_scrape();
  EXPECT_EQ(fetcher.asked.size(), 0U);
  EXPECT_NE(error().find("target_limit"), std::string::npos) << error();
}

TEST_F(ManagerTest, TheRequestIsThatOfPrometheus) {
  configure(job("  basic_auth: {username: u, password: p}\n  body_size_limit: 5KB\n"));
  const net::HttpRequest& request = fetcher.requests.at(a_url);
  const auto header = [&](std::string_view name) {
    for (const auto& [key, value] : request.headers) {
      if (key == name) return value;
    }
    return std::string("none");
  };
  EXPECT_EQ(header("X-Prometheus-Scrape-Timeout-Seconds"), "1");
  EXPECT_EQ(header("Accept-Encoding"), "gzip");
  EXPECT_NE(header("Accept").find("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0."),
            std::string::npos);
  EXPECT_TRUE(header("Accept").ends_with(",*/*;q=0.1"));
  EXPECT_EQ(request.timeout, 1s);
  EXPECT_EQ(request.max_response_bytes, 5120U);
}

TEST_F(ManagerTest, EachScrapeIsToldAndPushedSamplesJoinTheTargets) {
  auto with = manager_options();
  std::vector<TargetId> told;
  std::vector<TargetId> gone;
  with.on_scrape = [&](const ScrapeResult& result) {
    told.push_back(result.id);
    EXPECT_TRUE(result.up);
    EXPECT_EQ(result.headers.back().second, "yes");
    EXPECT_EQ(result.request.url, a_url);
    EXPECT_TRUE(
        manager->ingest_pushed(result.id, "text/plain", "pushed 7 " + std::to_string(result.time_ms + 5) + "\n"));
  };
  with.on_removed = [&](TargetId id) { gone.push_back(id); };
  manager = std::make_unique<ScrapeManager>(*store, with);
  fetcher.answer(a_url, "kill_switch 0\n");
  configure(
      job("  metric_relabel_configs:\n  - source_labels: [__name__]\n    regex: pushed\n    replacement: renamed\n"
          "    target_label: __name__\n"));
  one_scrape();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(values("renamed"), Values{7}) << "relabelled as its scrapes are";
  EXPECT_EQ(series("renamed").at(0), "{__name__=\"renamed\", instance=\"a:1\", job=\"desk\"}");
  EXPECT_FALSE(manager->ingest_pushed(told[0], "text/plain", "broken{\n"));
  EXPECT_FALSE(manager->ingest_pushed(99, "text/plain", "a 1\n"));
  clock.advance(1ms);
  EXPECT_TRUE(manager->ingest_pushed(told[0], "text/plain", "kill_switch 2\n"));
  EXPECT_EQ(values("kill_switch").back(), 2);
  configure("scrape_configs: []\n");
  EXPECT_EQ(gone, told);
  EXPECT_FALSE(manager->ingest_pushed(told[0], "text/plain", "a 1\n"));
}

TEST_F(ManagerTest, FollowsAFileOfTargets) {
  const std::string file = directory + "/targets.json";
  std::ofstream(file) << R"([{"targets": ["a:1"], "labels": {"desk": "x"}}])";
  fetcher.answer(a_url, "one 1\n");
  const std::string yaml =
      "scrape_configs:\n- job_name: desk\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  "
      "file_sd_configs:\n  - files: [" +
      file + "]\n";
  configure(yaml);
  one_scrape();
  EXPECT_EQ(values("one"), Values{1});
  configure(yaml);  // the same discovery goes on
  one_scrape();
  EXPECT_EQ(values("one"), (Values{1, 1}));
  EXPECT_EQ(manager->targets().active.at(0).target.labels.at("desk"), "x");
}

TEST(ScheduleTest, AClockThatIsSetMovesTheTimesAndNotThePace) {
  ManualClock clock{std::chrono::hours{1000}};
  Schedule schedule(clock);
  schedule.add(1, 250, 1s);
  clock.advance(250ms);
  auto due = schedule.take_due();
  ASSERT_TRUE(due);
  EXPECT_EQ(due->time_ms % 1000, 250);
  clock.jump_to(std::chrono::hours{2000});
  clock.advance(1s);
  due = schedule.take_due();
  ASSERT_TRUE(due);
  EXPECT_EQ(due->time_ms, 2000LL * 3'600'000 + 1000);
  clock.advance(10s + 1ms);  // the machine slept
  ASSERT_TRUE(schedule.take_due());
  EXPECT_FALSE(schedule.take_due()) << "what was missed is left out";
  EXPECT_EQ(*schedule.next() - clock.monotonic(), 999ms);
  schedule.remove(1);
  EXPECT_FALSE(schedule.next());
}

}  // namespace
}  // namespace bellwether::scrape
