// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/junit_report.hpp"

#include <gmock/gmock.h>

namespace bellwether::automation {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TestCounts counts_of(std::string_view text) {
  return read_junit(text, "report.xml").value();
}
std::string error_of(std::string_view text, XmlLimits limits = {}) {
  const auto counts = read_junit(text, "report.xml", limits);
  return counts ? "no error" : counts.error().message;
}

// As ctest 3.25 writes it.
constexpr const char* from_ctest = R"xml(<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="(empty)" tests="4" failures="1" disabled="1" skipped="1" hostname="" time="0" timestamp="2026-01-01">
  <testcase name="good" classname="good" time="0.001" status="run">
    <properties/><system-out>fine &lt;failure&gt;</system-out></testcase>
  <testcase name="bad" classname="bad" time="0.1" status="fail"><failure message=""/><system-out></system-out></testcase>
  <testcase name="off" classname="off" time="0" status="disabled"><disabled message="DISABLED"/></testcase>
  <testcase name="gone" time="0" status="notrun"><skipped message="Unable to find executable: x"/></testcase>
</testsuite>
)xml";

TEST(JunitReport, reads_what_ctest_writes) {
  EXPECT_EQ(counts_of(from_ctest), (TestCounts{.pass = 1, .fail = 1, .error = 0, .skipped = 2}));
}

TEST(JunitReport, reads_what_googletest_writes) {
  EXPECT_EQ(counts_of(R"(<testsuites tests="3"><testsuite name="A">
    <testcase name="a" status="run" result="completed"/>
    <testcase name="b" status="run" result="skipped"><skipped message="x"/></testcase>
    <testcase name="c" status="notrun" result="suppressed"/>
    <testcase name="d" status="run" result="completed"><failure message="1"/><failure message="2"/></testcase>
    </testsuite></testsuites>)"),
            (TestCounts{.pass = 1, .fail = 1, .error = 0, .skipped = 2}));
}

TEST(JunitReport, an_error_is_worse_than_a_failure_and_suites_nest) {
  EXPECT_EQ(counts_of("<testsuites><testsuite><testsuite><testcase><error/><failure/></testcase></testsuite>"
                      "<testcase><system-out/></testcase></testsuite></testsuites>"),
            (TestCounts{.pass = 1, .fail = 0, .error = 1, .skipped = 0}));
}

TEST(JunitReport, elements_within_output_are_not_outcomes) {
  EXPECT_EQ(counts_of("<testsuite><testcase><properties><failure/><testcase/></properties></testcase></testsuite>"),
            (TestCounts{.pass = 1}));
}

TEST(JunitReport, totals_that_a_suite_claims_are_not_believed) {
  EXPECT_EQ(counts_of(R"(<testsuite tests="1000000" failures="-5"/>)"), TestCounts{});
}

TEST(JunitReport, says_file_and_line_of_what_is_broken) {
  EXPECT_THAT(error_of("<testsuite>\n<testcase>\n</testsuite>"), StartsWith("report.xml:3: mismatched tag"));
  EXPECT_THAT(error_of(""), StartsWith("report.xml:1: empty"));
  EXPECT_THAT(error_of("100% tests passed"), StartsWith("report.xml:1: "));
  EXPECT_THAT(error_of("<html/>"), HasSubstr("the root element is <html>"));
  EXPECT_THAT(error_of("<testsuite>"), StartsWith("report.xml:1: "));
  EXPECT_THAT(error_of(std::string("<testsuite>\0</testsuite>", 24)), StartsWith("report.xml:1: "));
}

TEST(JunitReport, depth_size_and_elements_are_capped) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<testsuite>";
  EXPECT_THAT(error_of(deep), HasSubstr("nested deeper than 64"));
  EXPECT_THAT(error_of(from_ctest, {.bytes = 100}), HasSubstr("at most 100 are read"));
  EXPECT_THAT(error_of(from_ctest, {.elements = 3}), HasSubstr("more than 3 elements"));
}

TEST(JunitReport, entities_of_its_own_are_refused) {
  EXPECT_THAT(error_of(R"(<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuite name="&b;"/>)"),
              HasSubstr("entity 'a'"));
  EXPECT_THAT(error_of(R"(<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite>&x;</testsuite>)"),
              HasSubstr("entity 'x'"));
}

TEST(JunitReport, a_large_report_is_read_in_parts) {
  std::string text = "<testsuite>";
  for (int i = 0; i < 60'000; ++i) text += "<testcase name=\"some name that is rather long\"/>\n";
  text += "</testsuite>";
  EXPECT_EQ(counts_of(text).pass, 60'000U);
}

}  // namespace
}  // namespace bellwether::automation
