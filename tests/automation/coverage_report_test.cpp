// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/coverage_report.hpp"

#include <gmock/gmock.h>

namespace bellwether::automation {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Coverage coverage_of(std::string_view text) {
  return read_coverage(text, "report").value();
}
std::string error_of(std::string_view text) {
  const auto coverage = read_coverage(text, "report");
  return coverage ? "no error" : coverage.error().message;
}

TEST(Lcov, counts_lines_that_were_reached) {
  const Coverage coverage = coverage_of(
      "TN:unit\nSF:/src/a.cpp\nFN:1,main\nFNDA:1,main\nFNF:1\nFNH:1\nBRDA:1,0,0,-\nDA:1,5\nDA:2,0\nDA:3,1,checksum==\n"
      "LF:3\nLH:2\nend_of_record\nSF:/src/b.cpp\nDA:7,0\nLF:1\nLH:0\nend_of_record\n");
  EXPECT_EQ(coverage, (Coverage{.covered = 2, .lines = 4}));
  EXPECT_DOUBLE_EQ(coverage.percent(), 50);
}

TEST(Lcov, a_line_that_two_tests_report_is_one_line) {
  EXPECT_EQ(coverage_of("TN:a\nSF:x\nDA:1,0\nDA:2,1\nend_of_record\nTN:b\nSF:x\nDA:1,3\nDA:2,0\nend_of_record"),
            (Coverage{.covered = 2, .lines = 2}));
}

TEST(Lcov, a_file_without_lines_is_taken_by_its_totals) {
  EXPECT_EQ(coverage_of("SF:x\r\nLF:10\r\nLH:4\r\nend_of_record\r\n"), (Coverage{.covered = 4, .lines = 10}));
}

TEST(Lcov, what_is_broken_is_named_with_its_line) {
  EXPECT_THAT(error_of("SF:x\nDA:1,many\nend_of_record"), StartsWith("report:2: DA:1,many: the number of hits"));
  EXPECT_THAT(error_of("SF:x\nDA:1\nend_of_record"), StartsWith("report:2: DA:1: DA:<line>,<hits>"));
  EXPECT_THAT(error_of("SF:x\nDA:0,1\nend_of_record"), StartsWith("report:2: "));
  EXPECT_THAT(error_of("SF:x\nDA:1,-4\nend_of_record"), StartsWith("report:2: "));
  EXPECT_THAT(error_of("SF:x\nDA:99999999999999999999,1\nend_of_record"), StartsWith("report:2: "));
  EXPECT_THAT(error_of("SF:x\nLF:1\nLH:2\nend_of_record"), StartsWith("report:4: LH:2 is more than LF:1"));
  EXPECT_THAT(error_of("SF:x\nDA:1,1\n"), HasSubstr("end_of_record is missing"));
  EXPECT_THAT(error_of("DA:1,1\n"), HasSubstr("before any SF"));
  EXPECT_THAT(error_of("SF:x\nSF:y\n"), StartsWith("report:2: "));
  EXPECT_THAT(error_of("end_of_record\n"), StartsWith("report:1: "));
  EXPECT_THAT(error_of("hello\n"), StartsWith("report:1: hello: no record of LCOV"));
  EXPECT_THAT(error_of("TN:only\n"), HasSubstr("no SF: record"));
  EXPECT_THAT(error_of("  \n\n"), StartsWith("report:1: empty"));
  EXPECT_LT(error_of(std::string(1'000'000, 'x')).size(), 200U);
}

constexpr const char* cobertura = R"(<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage line-rate="0.5" lines-covered="77" lines-valid="99" branch-rate="0" version="x" timestamp="1">
 <packages><package name="p"><classes>
  <class name="A" filename="a.py"><methods><method name="f"><lines><line number="1" hits="1"/></lines></method></methods>
   <lines><line number="1" hits="1"/><line number="2" hits="0" branch="true"><conditions><condition number="0"/></conditions></line></lines></class>
  <class name="A2" filename="a.py"><lines><line number="2" hits="3"/><line number="5" hits="0"/></lines></class>
 </classes></package></packages>
</coverage>)";

TEST(Cobertura, counts_the_lines_of_classes_once) {
  EXPECT_EQ(coverage_of(cobertura), (Coverage{.covered = 2, .lines = 3}));
}

TEST(Cobertura, a_report_without_lines_is_taken_by_its_totals) {
  EXPECT_EQ(coverage_of(R"(<coverage lines-covered="3" lines-valid="4"/>)"), (Coverage{.covered = 3, .lines = 4}));
  EXPECT_EQ(coverage_of(R"(<coverage line-rate="0.9"/>)"), Coverage{});
}

TEST(Cobertura, a_byte_order_mark_and_space_do_not_hide_it) {
  EXPECT_EQ(coverage_of("\xEF\xBB\xBF<coverage lines-covered='1' lines-valid='1'/>").lines, 1U);
}

TEST(Cobertura, what_is_broken_is_named_with_its_line) {
  EXPECT_THAT(error_of("<coverage>\n<class/></coverage>"), StartsWith("report:2: <class> without filename"));
  EXPECT_THAT(error_of("<coverage><class filename='a'>\n<lines>\n<line number='1'/></lines></class></coverage>"),
              StartsWith("report:3: <line> needs"));
  EXPECT_THAT(error_of("<coverage lines-covered='5' lines-valid='4'/>"), HasSubstr("is no share of lines"));
  EXPECT_THAT(error_of("<coverage lines-covered='1e3' lines-valid='4'/>"), HasSubstr("is no share of lines"));
  EXPECT_THAT(error_of("<report/>"), HasSubstr("the root element is <report>"));
  EXPECT_THAT(error_of("<coverage>"), StartsWith("report:1: "));
}

TEST(Coverage, of_no_lines_is_zero_percent) {
  EXPECT_EQ(Coverage{}.percent(), 0);
}

}  // namespace
}  // namespace bellwether::automation
