// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "rules/test/start_time.hpp"
#include "rules/test/test_report.hpp"

namespace {

using namespace bellwether::rules;

const std::string cases = BELLWETHER_SOURCE_DIR "/tests/rules/tools/cases/";

TestFileOutcome run(const std::string& name) {
  return run_test_file(cases + name, {});
}

/// Without the directory.
std::string report(const std::string& name) {
  std::string text = report_text({run(name)});
  for (std::size_t at = 0; (at = text.find(cases)) != std::string::npos;) text.erase(at, cases.size());
  return text;
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(RulesTest, files_named_pass_pass_and_files_named_fail_fail) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(cases)) {
    const std::string name = entry.path().filename();
    const bool passes = name.starts_with("pass_") || name.starts_with("own_");
    if (!passes && !name.starts_with("fail_")) continue;
    ++files;
    EXPECT_EQ(run(name).passed(), passes) << report(name);
  }
  EXPECT_GE(files, 17U);
}

TEST(RulesTest, a_failure_shows_what_differs_and_where) {
  EXPECT_EQ(report("fail_value.yml"),
            "fail_value.yml: 0 of 1 tests passed\n"
            "  FAILED value\n"
            "    fail_value.yml:8:9: a at 2m\n"
            "      - {__name__=\"a\"} 4\n"
            "      + {__name__=\"a\"} 3\n");
  EXPECT_TRUE(says(report("fail_missing_sample.yml"), "- {__name__=\"a\", l=\"2\"} 3"));
  EXPECT_TRUE(says(report("fail_unexpected_alert.yml"),
                   "alert Down at 2m\n      + {alertname=\"Down\", instance=\"a\", severity=\"critical\"}"));
  EXPECT_TRUE(says(report("fail_annotation.yml"), "-   summary: nobody wrote this"));
  EXPECT_TRUE(says(report("fail_rule_error.yml"), "rule x at 0s: "));
}

TEST(RulesTest, what_cannot_be_run_says_why) {
  EXPECT_TRUE(says(report("fail_unknown_key.yml"), "fail_unknown_key.yml:3:5: "));
  EXPECT_TRUE(says(report("fail_template.yml"), "template_rules.yml:6:"));
  EXPECT_TRUE(says(report("fail_template.yml"), "function \"nofunction\" not defined"));
  EXPECT_TRUE(says(report("fail_series.yml"), "fail_series.yml:4:"));
  EXPECT_FALSE(run("no_such_file.yml").passed());
  EXPECT_TRUE(says(report("fail_alertname.yml"), "needs the alertname"));
}

TEST(RulesTest, junit_has_a_case_for_each_test) {
  const std::string junit = report_junit({run("fail_value.yml"), run("pass_times.yml"), run("fail_series.yml")});
  EXPECT_TRUE(says(junit, "tests=\"1\" failures=\"1\" errors=\"0\""));
  EXPECT_TRUE(says(junit, "+ {__name__=&quot;a&quot;} 3"));
  EXPECT_TRUE(says(junit, "failures=\"0\" errors=\"1\""));
  EXPECT_TRUE(says(junit, "<testcase name=\"test at line 5\""));
}

TEST(RulesTest, tests_are_chosen_by_name) {
  const auto none = run_test_file(cases + "pass_everything.yml", [](std::string_view name) { return name == "x"; });
  EXPECT_TRUE(none.tests.empty());
  EXPECT_TRUE(none.passed());
}

TEST(RulesTest, a_start_is_seconds_or_a_date) {
  EXPECT_EQ(read_start_time("1609459200"), 1'609'459'200'000);
  EXPECT_EQ(read_start_time("1609459200.5"), 1'609'459'200'500);
  EXPECT_EQ(read_start_time("2021-01-01T01:00:00.25+01:00"), 1'609'459'200'250);
  EXPECT_EQ(read_start_time("2021-02-30T00:00:00Z"), std::nullopt);
  EXPECT_EQ(read_start_time("2021-01-01T00:00:00"), std::nullopt);
  EXPECT_EQ(read_start_time("soon"), std::nullopt);
  EXPECT_EQ(read_start_time("NaN"), std::nullopt);
}

}  // namespace
