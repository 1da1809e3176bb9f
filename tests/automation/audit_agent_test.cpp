// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/audit_agent.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "automation/pack_observers.hpp"
#include "automation/temporary_directory.hpp"
#include "metrics/scraped.hpp"

namespace bellwether::automation {
namespace {

using namespace std::chrono_literals;
using test::scraped;
using test::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Markers, are_whole_lines) {
  EXPECT_EQ(count_marker_lines("COMPLETED\n  COMPLETED \r\nNOT COMPLETED\nCOMPLETED!\nCOMPLETED", "COMPLETED"), 3U);
  EXPECT_EQ(count_marker_lines("\n\n", ""), 0U);
}

TEST(Markers, the_directory_of_a_place) {
  EXPECT_EQ(MarkerFinder::directory_of("reports"), "reports");
  EXPECT_EQ(MarkerFinder::directory_of("reports/**/*.status"), "reports");
  EXPECT_EQ(MarkerFinder::directory_of("a/b*/c"), "a");
  EXPECT_EQ(MarkerFinder::directory_of("*.done"), ".");
  EXPECT_EQ(MarkerFinder::directory_of("/*.done"), "/");
}

TEST(Markers, those_that_are_new_are_told_from_those_that_were_there) {
  const TemporaryDirectory directory;
  directory.write("one.md", "COMPLETED\n");
  directory.write("deep/job.done", "");
  directory.write("code.cpp", "COMPLETED\n");      // no text file
  directory.write("build/two.md", "COMPLETED\n");  // a build directory
  MarkerFinder finder{{.places = {directory.path()}}};
  auto found = finder.find();
  EXPECT_EQ(found.all, 2U);
  EXPECT_EQ(found.fresh, 2U);
  directory.write("one.md", "COMPLETED\nCOMPLETED\n");
  found = finder.find();
  EXPECT_EQ(found.all, 3U);
  EXPECT_EQ(found.fresh, 1U);
  std::filesystem::remove(directory / "one.md");
  EXPECT_EQ(finder.find().fresh, 0U);
  directory.write("one.md", "COMPLETED\n");  // done again
  EXPECT_EQ(finder.find().fresh, 1U);
}

TEST(Markers, a_pattern_chooses_its_files) {
  const TemporaryDirectory directory;
  directory.write("a/x.status", "READY\n");
  directory.write("a/x.md", "READY\n");
  MarkerFinder finder{{.places = {directory / "**/*.status"}, .text = "READY"}};
  EXPECT_EQ(finder.find().all, 1U);
}

TEST(Markers, a_place_that_is_not_there_is_a_problem) {
  MarkerFinder finder{{.places = {"/no/such/place"}}};
  EXPECT_THAT(finder.find().problems, ElementsAre(HasSubstr("/no/such/place: no such directory")));
}

class AuditTest : public ::testing::Test {
 protected:
  AuditOutcome audit(AuditTrigger trigger = AuditTrigger::schedule) {
    const AuditOutcome outcome = agent_.run(trigger);
    observer_.finished(outcome);
    return outcome;
  }

  TemporaryDirectory directory_;
  ManualClock clock_{1'700'000'000s};
  Registry registry_;
  PackAuditObserver observer_{registry_};
  AuditAgent agent_{{.coverage_file = directory_ / "coverage.info", .markers = {.places = {directory_.path()}}},
                    clock_};
};

TEST_F(AuditTest, exports_what_it_found) {
  EXPECT_EQ(scraped(registry_, "audit_agent_coverage_percent"), "absent");
  directory_.write("coverage.info", "SF:a\nDA:1,1\nDA:2,1\nDA:3,1\nDA:4,0\nend_of_record\n");
  directory_.write("job.done", "");
  const auto outcome = audit(AuditTrigger::startup);
  EXPECT_TRUE(outcome.errors.empty());
  EXPECT_EQ(scraped(registry_, "audit_agent_coverage_percent"), "75");
  EXPECT_EQ(scraped(registry_, "audit_agent_completion_markers_found_total"), "1");
  EXPECT_EQ(scraped(registry_, "audit_agent_runs_total{trigger=\"startup\"}"), "1");
  EXPECT_EQ(scraped(registry_, "audit_agent_runs_total{trigger=\"manual\"}"), "0");
  EXPECT_EQ(scraped(registry_, "audit_agent_last_run_timestamp"), "1700000000");
  EXPECT_EQ(scraped(registry_, "audit_agent_run_duration_seconds_bucket{le=\"600\"}"), "1");
}

TEST_F(AuditTest, a_broken_report_is_an_error_and_the_last_good_coverage_stays) {
  directory_.write("coverage.info", "SF:a\nDA:1,1\nend_of_record\n");
  audit();
  directory_.write("coverage.info", "SF:a\nDA:1,x\nend_of_record\n");
  const auto outcome = audit();
  ASSERT_EQ(outcome.errors.size(), 1U);
  EXPECT_THAT(outcome.errors[0].message, HasSubstr("coverage.info:2: DA:1,x"));
  EXPECT_EQ(scraped(registry_, "audit_agent_coverage_percent"), "100");
  EXPECT_EQ(scraped(registry_, "audit_agent_errors_total{error_type=\"parse\"}"), "1");
  EXPECT_EQ(agent_.coverage()->percent(), 100);
}

TEST_F(AuditTest, each_kind_of_failure_has_its_type) {
  audit();
  EXPECT_EQ(scraped(registry_, "audit_agent_errors_total{error_type=\"coverage_missing\"}"), "1");
  std::filesystem::create_directory(directory_ / "coverage.info");
  audit();
  EXPECT_EQ(scraped(registry_, "audit_agent_errors_total{error_type=\"coverage_unreadable\"}"), "1");
  std::filesystem::remove(directory_ / "coverage.info");
  directory_.write("coverage.info", "");
  std::filesystem::resize_file(directory_ / "coverage.info", std::uintmax_t{65} * 1024 * 1024);  // sparse
  audit();
  EXPECT_EQ(scraped(registry_, "audit_agent_errors_total{error_type=\"coverage_too_large\"}"), "1");
  directory_.write("coverage.info", "<coverage/>");
  EXPECT_THAT(audit().errors[0].message, HasSubstr("has no lines"));
}

TEST(WatchMetrics, follow_the_outcome_of_a_run) {
  Registry registry;
  PackWatchObserver observer{registry};
  EXPECT_NE(scraped(registry, "test_watcher_memory_usage_bytes"), "0");
  observer.running(true);
  observer.waiting(7);
  observer.finished({.tests = {.pass = 3, .fail = 2, .error = 0, .skipped = 1},
                     .error = std::nullopt,
                     .took = 119s,
                     .peak_memory_bytes = 1024,
                     .files = 7});
  observer.finished({.tests = {.error = 1}, .error = "broke", .took = 121s, .peak_memory_bytes = 0, .files = 1});
  observer.failed("something");
  EXPECT_EQ(scraped(registry, "test_watcher_is_running"), "1");
  EXPECT_EQ(scraped(registry, "test_watcher_changed_files_current"), "7");
  EXPECT_EQ(scraped(registry, "test_watcher_files_processed_total"), "8");
  EXPECT_EQ(scraped(registry, "test_watcher_tests_run_total{status=\"pass\"}"), "3");
  EXPECT_EQ(scraped(registry, "test_watcher_tests_run_total{status=\"fail\"}"), "2");
  EXPECT_EQ(scraped(registry, "test_watcher_tests_run_total{status=\"error\"}"), "1");
  EXPECT_EQ(scraped(registry, "test_watcher_tests_run_total{status=\"skipped\"}"), "1");
  EXPECT_EQ(scraped(registry, "test_watcher_errors_total"), "2");
  EXPECT_EQ(scraped(registry, "test_watcher_memory_usage_bytes"), "1024");
  EXPECT_EQ(scraped(registry, "test_watcher_test_execution_duration_seconds_bucket{le=\"120\"}"), "1");
}

}  // namespace
}  // namespace bellwether::automation
