// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "exposition/parsed_metrics.hpp"

namespace bellwether::exposition {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* openmetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

ParsedMetrics parse(const std::string& body) {
  return parse_exposition(openmetrics, body + "# EOF\n").value();
}

std::string error_of(std::string_view body) {
  const Result<ParsedMetrics> parsed = parse_exposition(openmetrics, body);
  return parsed ? "no error" : parsed.error().message;
}

TEST(OpenMetricsReader, ReadsEveryType) {
  const ParsedMetrics metrics = parse(
      "# TYPE a counter\n# TYPE b gauge\n# TYPE c histogram\n# TYPE d gaugehistogram\n# TYPE e summary\n# TYPE f info\n"
      "# TYPE g stateset\n# TYPE h unknown\n");
  EXPECT_EQ(metrics.family("a")->type, FamilyType::counter);
  EXPECT_EQ(metrics.family("b")->type, FamilyType::gauge);
  EXPECT_EQ(metrics.family("c")->type, FamilyType::histogram);
  EXPECT_EQ(metrics.family("d")->type, FamilyType::gauge_histogram);
  EXPECT_EQ(metrics.family("e")->type, FamilyType::summary);
  EXPECT_EQ(metrics.family("f")->type, FamilyType::info);
  EXPECT_EQ(metrics.family("g")->type, FamilyType::state_set);
  EXPECT_EQ(metrics.family("h")->type, FamilyType::unknown);
}

TEST(OpenMetricsReader, ReadsACounterWithUnitCreationTimestampAndExemplar) {
  const ParsedMetrics metrics = parse(
      "# HELP wait_seconds Time \\\"waited\\\".\\n\n# TYPE wait_seconds counter\n# UNIT wait_seconds seconds\n"
      "wait_seconds_total{venue=\"a\"} 1.5 1723161254.5 # {trace_id=\"x\\\"y\",span=\"2\"} 0.25 1723161254.123\n"
      "wait_seconds_created{venue=\"a\"} 1723161000.001\n");
  ASSERT_EQ(metrics.families.size(), 1U);
  const ParsedFamily& family = metrics.families[0];
  EXPECT_EQ(family.unit, "seconds");
  EXPECT_EQ(family.help, "Time \"waited\".\n");
  ASSERT_EQ(family.samples.size(), 2U);
  EXPECT_EQ(family.samples[0].timestamp_ms, 1723161254500);
  EXPECT_THAT(family.samples[0].exemplars,
              ElementsAre(ParsedExemplar{{{"trace_id", "x\"y"}, {"span", "2"}}, 0.25, 1723161254123}));
  EXPECT_EQ(family.samples[1].name, "wait_seconds_created");
  EXPECT_EQ(family.samples[1].value, 1723161000.001);
  EXPECT_TRUE(family.samples[1].exemplars.empty());
}

TEST(OpenMetricsReader, ReadsAnExemplarWithoutTimestampsAndWithoutLabels) {
  const ParsedMetrics metrics = parse("a_bucket{le=\"1.0\"} 1 # {} 0.5\n");
  EXPECT_THAT(metrics.sample("a_bucket")->exemplars, ElementsAre(ParsedExemplar{{}, 0.5, std::nullopt}));
}

TEST(OpenMetricsReader, ReadsInfoStateSetAndGaugeHistogram) {
  const ParsedMetrics metrics = parse(
      "# TYPE build info\nbuild_info{version=\"1\"} 1\n# TYPE engine stateset\nengine{engine=\"up\"} "
      "1\nengine{engine=\"down\"} 0\n"
      "# TYPE queue gaugehistogram\nqueue_bucket{le=\"+Inf\"} 4\nqueue_gcount 4\nqueue_gsum 7\n");
  EXPECT_EQ(metrics.families.size(), 3U);
  EXPECT_EQ(metrics.value("engine", {{"engine", "down"}}), 0);
  EXPECT_EQ(metrics.family("queue")->samples.size(), 3U);
}

TEST(OpenMetricsReader, ReadsUtf8NamesInQuotes) {
  const ParsedMetrics metrics = parse("# TYPE \"a.b\" gauge\n# UNIT \"x.y_s\" s\n{\"a.b\",\"c d\"=\"v\"} 1\n");
  EXPECT_EQ(metrics.value("a.b", {{"c d", "v"}}), 1);
  EXPECT_EQ(metrics.family("x.y_s")->unit, "s");
}

TEST(OpenMetricsReader, WantsTheEndMarkedAndNothingAfterIt) {
  EXPECT_EQ(error_of("# EOF\n"), "no error");
  EXPECT_EQ(error_of("a 1\n# EOF"), "no error");
  EXPECT_EQ(
      error_of("a 1\n"),
      "line 2, column 1: expected \"# EOF\" as the last line (is the input cut off?), found the end of the input");
  EXPECT_THAT(error_of(""), HasSubstr("expected \"# EOF\""));
  EXPECT_THAT(error_of("a 1"), HasSubstr("is the input cut off?"));
  EXPECT_THAT(error_of("# EOF\na 1\n"), HasSubstr("line 2, column 1: expected nothing after \"# EOF\""));
  EXPECT_THAT(error_of("# EOF \n"), HasSubstr("expected the end of the line after \"# EOF\""));
  EXPECT_THAT(error_of("#EOF\n"), HasSubstr("expected \"# HELP \""));
}

TEST(OpenMetricsReader, IsStrictAboutBlanksLinesAndComments) {
  EXPECT_THAT(error_of("a  1\n# EOF\n"), HasSubstr("line 1, column 3: expected a value"));
  EXPECT_THAT(error_of("a\t1\n# EOF\n"), HasSubstr("column 2: expected one space"));
  EXPECT_THAT(error_of(" a 1\n# EOF\n"), HasSubstr("column 1: expected a metric name"));
  EXPECT_THAT(error_of("a {b=\"1\"} 1\n# EOF\n"), HasSubstr("column 3: expected a value"));
  EXPECT_THAT(error_of("a{ b=\"1\"} 1\n# EOF\n"), HasSubstr("column 3: expected a label name"));
  EXPECT_THAT(error_of("a{b=\"1\"}1\n# EOF\n"), HasSubstr("column 9: expected one space"));
  EXPECT_THAT(error_of("a 1 \n# EOF\n"), HasSubstr("column 5: expected a timestamp"));
  EXPECT_THAT(error_of("a 1\n\n# EOF\n"), HasSubstr("OpenMetrics has no empty lines"));
  EXPECT_THAT(error_of("# a comment\n# EOF\n"), HasSubstr("OpenMetrics has no other comments"));
  EXPECT_THAT(error_of("# TYPE a untyped\n# EOF\n"), HasSubstr("expected a type"));
  EXPECT_THAT(error_of("# TYPE a gauge \n# EOF\n"), HasSubstr("expected a type"));
  EXPECT_THAT(error_of("# HELP a\n# EOF\n"), HasSubstr("expected a space after the metric name"));
}

TEST(OpenMetricsReader, WantsAUnitToEndTheName) {
  EXPECT_THAT(error_of("# UNIT a_seconds bytes\n# EOF\n"), HasSubstr("column 18: expected a unit"));
  EXPECT_THAT(error_of("# UNIT seconds seconds\n# EOF\n"), HasSubstr("expected a unit"));
  EXPECT_THAT(error_of("# UNIT aseconds seconds\n# EOF\n"), HasSubstr("expected a unit"));
  EXPECT_EQ(error_of("# UNIT a \n# EOF\n"), "no error");
}

TEST(OpenMetricsReader, SaysWhatIsWrongWithATimestampOrExemplar) {
  EXPECT_THAT(error_of("a 1 NaN\n# EOF\n"), HasSubstr("column 5: expected a timestamp in seconds"));
  EXPECT_THAT(error_of("a 1 2 3\n# EOF\n"), HasSubstr("column 7: expected an exemplar"));
  EXPECT_THAT(error_of("a 1 #{} 1\n# EOF\n"), HasSubstr("column 5: expected an exemplar"));
  EXPECT_THAT(error_of("a 1 # {x=\"1\"}\n# EOF\n"), HasSubstr("column 14: expected one space"));
  EXPECT_THAT(error_of("a 1 # {x=\"1\"} \n# EOF\n"), HasSubstr("expected the exemplar's value"));
  EXPECT_THAT(error_of("a 1 # {x=\"1\"} 1 x\n# EOF\n"), HasSubstr("expected the exemplar's timestamp"));
  EXPECT_THAT(error_of("a 1 # {x=\"1\"} 1 1 1\n# EOF\n"), HasSubstr("expected the end of the line"));
  EXPECT_THAT(error_of("a 1 # {\"x\"} 1\n# EOF\n"), HasSubstr("expected '='"));
  EXPECT_THAT(error_of("a 1 # {x=\"1\",x=\"1\"} 1\n# EOF\n"), HasSubstr("each label once"));
  EXPECT_THAT(error_of("a 1 # {x=\"1\n# EOF\n"), HasSubstr("line 1, column 12: expected the exemplar's '}'"));
}

TEST(OpenMetricsReader, GivesAnErrorWhereverTheInputIsCut) {
  const std::string whole =
      "# HELP a_s Text \\\".\n# TYPE a_s counter\n# UNIT a_s s\na_s_total{x=\"1\"} 10 1.5 # {t=\"\\\\\"} 2 3.5\n"
      "{\"b.c\",\"d.e\"=\"é\"} -2.5e-3\n# EOF\n";
  EXPECT_EQ(error_of(whole), "no error");
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    EXPECT_THAT(error_of(cut), HasSubstr("line ")) << size;
  }
}

}  // namespace
}  // namespace bellwether::exposition
