// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <automation/metrics.hpp>
#include <bellwether/process_metrics.hpp>

#include "tests/metrics/proc_tree.hpp"
#include "tests/packs/pack_test.hpp"

namespace bellwether::automation {
namespace {

using namespace std::chrono_literals;
using test::moved;
using test::only;

std::string value_of(const Registry& registry, const char* series) {
  return test::value_in(render(registry), series);
}

constexpr test::Documented table[] = {
    {"S1.M07", "test_watcher_files_processed_total", "counter", ""},
    {"S1.M08", "test_watcher_is_running", "gauge", ""},
    {"S1.M09", "test_watcher_tests_run_total", "counter", "status"},
    {"S1.M10", "test_watcher_memory_usage_bytes", "gauge", ""},
    {"S1.M11", "test_watcher_changed_files_current", "gauge", ""},
    {"S1.M12", "test_watcher_errors_total", "counter", ""},
    {"S1.M13", "test_watcher_test_execution_duration_seconds", "histogram", ""},
    {"S1.M14", "test_watcher_api_calls_total", "counter", "api,status"},
    {"S1.M15", "audit_agent_runs_total", "counter", "trigger"},
    {"S1.M16", "audit_agent_coverage_percent", "gauge", ""},
    {"S1.M17", "audit_agent_completion_markers_found_total", "counter", ""},
    {"S1.M18", "audit_agent_run_duration_seconds", "histogram", ""},
    {"S1.M19", "audit_agent_errors_total", "counter", "error_type"},
    {"S1.M20", "audit_agent_last_run_timestamp", "gauge", ""},
    {"S1.M21", "deepseek_api_calls_total", "counter", "status"},
    {"S1.M22", "perplexity_api_calls_total", "counter", "status"},
    {"S1.M23", "api_errors_total", "counter", "api,error_type"},
    {"S1.M24", "api_request_duration_seconds", "histogram", "api"},
    {"S1.M25", "api_rate_limits_total", "counter", "api"},
    {"S1.M26", "deepseek_api_response_time_seconds", "gauge", ""},
    {"S1.M27", "system_cpu_percent", "gauge", ""},
    {"S1.M28", "system_memory_percent", "gauge", ""},
    {"S1.M29", "system_disk_percent", "gauge", "path"},
    {"S1.M30", "process_resident_memory_bytes", "gauge", ""},
    {"S1.M31", "process_threads_count", "gauge", ""},
    {"S1.M32", "process_cpu_seconds_total", "counter", ""},
};

/// A machine that has used half of its processors' time since `busy` was 0.
void write_proc(const test::ProcTree& proc, int busy) {
  proc.write("stat", "cpu  " + std::to_string(busy) + " 0 0 " + std::to_string(busy) + " 0 0 0 0\nbtime 1700000000\n");
  proc.write("meminfo", "MemTotal: 1000 kB\nMemAvailable: 400 kB\n");
  proc.write("self/stat", "7 (desk) S 1 7 7 0 -1 4194304 100 0 0 0 50 25 0 0 20 0 12 0 100 1000000 250 1\n");
}

class AutomationPackTest : public testing::Test {
 protected:
  Registry registry;
  Metrics metrics{registry};
};

TEST(AutomationPack, HasTheDocumentedMetrics) {
  const test::ProcTree proc;
  write_proc(proc, 100);
  Registry registry;
  const SystemMetrics machine = describe(registry, {.proc = proc.path()});
  write_proc(proc, 200);
  expect_documented(registry, table);
}

TEST_F(AutomationPackTest, TheAlertsThresholdsAreEdges) {
  const ApiSeries api = metrics.for_api("deepseek");
  record_test_run(metrics, RunStatus::pass, 120s);
  record_audit_run(metrics, "schedule", 600s, 1s);
  record_api_call(api, CallStatus::success, 10s);
  EXPECT_EQ(value_of(registry, "test_watcher_test_execution_duration_seconds_bucket{le=\"120\"}"), "1");
  EXPECT_EQ(value_of(registry, "audit_agent_run_duration_seconds_bucket{le=\"600\"}"), "1");
  EXPECT_EQ(value_of(registry, "api_request_duration_seconds_bucket{api=\"deepseek\",le=\"10\"}"), "1");
}

TEST_F(AutomationPackTest, EachFunctionOfTheWatcherMovesItsMetric) {
  EXPECT_THAT(moved(registry, [&] { set_running(metrics, true); }), only({"test_watcher_is_running"}));
  EXPECT_THAT(moved(registry, [&] { record_files_processed(metrics, 3); }),
              only({"test_watcher_files_processed_total"}));
  EXPECT_THAT(moved(registry, [&] { set_changed_files(metrics, 11); }), only({"test_watcher_changed_files_current"}));
  EXPECT_THAT(moved(registry, [&] { record_test_run(metrics, RunStatus::fail, 2s); }),
              only({"test_watcher_tests_run_total", "test_watcher_test_execution_duration_seconds"}));
  EXPECT_THAT(moved(registry, [&] { set_watcher_memory(metrics, 5e8); }), only({"test_watcher_memory_usage_bytes"}));
  EXPECT_THAT(moved(registry, [&] { record_watcher_error(metrics); }), only({"test_watcher_errors_total"}));
  EXPECT_THAT(moved(registry, [&] { record_watcher_api_call(metrics, "deepseek", "success"); }),
              only({"test_watcher_api_calls_total"}));
  record_test_run(metrics, RunStatus::error, 1s);
  EXPECT_EQ(value_of(registry, "test_watcher_tests_run_total{status=\"pass\"}"), "0");
  EXPECT_EQ(value_of(registry, "test_watcher_tests_run_total{status=\"fail\"}"), "1");
  EXPECT_EQ(value_of(registry, "test_watcher_tests_run_total{status=\"error\"}"), "1");
}

TEST_F(AutomationPackTest, EachFunctionOfTheAuditMovesItsMetric) {
  EXPECT_EQ(value_of(registry, "audit_agent_coverage_percent"), "absent") << "0 % would raise an alarm";
  EXPECT_EQ(value_of(registry, "audit_agent_last_run_timestamp"), "0") << "never";
  EXPECT_THAT(moved(registry, [&] { record_audit_run(metrics, "manual", 3s, 1'700'000'000s); }),
              only({"audit_agent_runs_total", "audit_agent_run_duration_seconds", "audit_agent_last_run_timestamp"}));
  EXPECT_EQ(value_of(registry, "audit_agent_last_run_timestamp"), "1700000000");
  EXPECT_THAT(moved(registry, [&] { set_coverage(metrics, 83.5); }), only({"audit_agent_coverage_percent"}));
  EXPECT_THAT(moved(registry, [&] { record_completion_markers(metrics, 2); }),
              only({"audit_agent_completion_markers_found_total"}));
  EXPECT_THAT(moved(registry, [&] { record_audit_error(metrics, "parse"); }), only({"audit_agent_errors_total"}));
}

TEST_F(AutomationPackTest, EachFunctionOfTheApisMovesItsMetric) {
  const ApiSeries deepseek = metrics.for_api("deepseek");
  const ApiSeries perplexity = metrics.for_api("perplexity");
  const ApiSeries other = metrics.for_api("other");
  EXPECT_EQ(value_of(registry, "deepseek_api_response_time_seconds"), "absent");
  EXPECT_THAT(moved(registry, [&] { record_api_call(deepseek, CallStatus::success, 2500ms); }),
              only({"deepseek_api_calls_total", "api_request_duration_seconds", "deepseek_api_response_time_seconds"}));
  EXPECT_EQ(value_of(registry, "deepseek_api_response_time_seconds"), "2.5");
  EXPECT_THAT(moved(registry, [&] { record_api_call(perplexity, CallStatus::error, 1s); }),
              only({"perplexity_api_calls_total", "api_request_duration_seconds"}));
  EXPECT_THAT(moved(registry, [&] { record_api_call(other, CallStatus::error, 1s); }),
              only({"api_request_duration_seconds"}));
  EXPECT_THAT(moved(registry, [&] { record_api_error(metrics, "deepseek", "timeout"); }), only({"api_errors_total"}));
  EXPECT_THAT(moved(registry, [&] { record_rate_limit(deepseek); }), only({"api_rate_limits_total"}));
}

TEST_F(AutomationPackTest, WrongValuesAreRefusedAndWhatTheyCameWithCounts) {
  set_coverage(metrics, 70);
  set_watcher_memory(metrics, 1);
  EXPECT_EQ(test::refused(registry,
                          [&] {
                            for (const double wrong : {test::nan, test::infinity, -1.0, 100.5})
                              set_coverage(metrics, wrong);
                            for (const double wrong : {test::nan, test::infinity, -1.0})
                              set_watcher_memory(metrics, wrong);
                            record_test_run(metrics, RunStatus::pass, -1s);
                            record_audit_run(metrics, "manual", -1s, 5s);
                            record_api_call(metrics.for_api("deepseek"), CallStatus::success, -1s);
                          }),
            10);
  EXPECT_EQ(value_of(registry, "audit_agent_coverage_percent"), "70");
  EXPECT_EQ(value_of(registry, "test_watcher_memory_usage_bytes"), "1");
  EXPECT_EQ(value_of(registry, "test_watcher_tests_run_total{status=\"pass\"}"), "1");
  EXPECT_EQ(value_of(registry, "deepseek_api_calls_total{status=\"success\"}"), "1");
  EXPECT_EQ(value_of(registry, "deepseek_api_response_time_seconds"), "absent");
}

TEST(AutomationSystem, ReadsTheMachineAtEachScrape) {
  const test::ProcTree proc;
  write_proc(proc, 100);
  Registry registry;
  const SystemMetrics system =
      SystemMetrics::add(registry, {.proc = proc.path(), .paths = {"/", "/", "/nowhere"}}).value();
  write_proc(proc, 200);
  const std::string text = render(registry);
  EXPECT_EQ(test::value_in(text, "system_cpu_percent"), "50");
  EXPECT_EQ(test::value_in(text, "system_memory_percent"), "60");
  EXPECT_EQ(test::value_in(text, "process_threads_count"), "12");
  EXPECT_NE(test::value_in(text, "system_disk_percent{path=\"/\"}"), "absent");
  EXPECT_EQ(test::value_in(text, "system_disk_percent{path=\"/nowhere\"}"), "absent");
  EXPECT_NE(test::value_in(text, "process_resident_memory_bytes"), "absent");
  EXPECT_EQ(test::value_in(text, "bellwether_collector_errors_total"), "0") << "a path given twice counts once";
}

TEST(AutomationSystem, LivesBesideProcessMetricsThatAreThereAlready) {
  Registry registry;
  const Collector process = add_process_metrics(registry).value();
  EXPECT_FALSE(SystemMetrics::add(registry));
  EXPECT_TRUE(SystemMetrics::add(registry, {.process_metrics = false}));
}

}  // namespace
}  // namespace bellwether::automation
