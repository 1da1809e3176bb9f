// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/text_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "exposition/parsed_metrics.hpp"

namespace bellwether::exposition {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* text = "text/plain; version=0.0.4; charset=utf-8";

ParsedMetrics parse(std::string_view body) {
  return parse_exposition(text, body).value();
}

std::string error_of(std::string_view body) {
  const Result<ParsedMetrics> parsed = parse_exposition(text, body);
  return parsed ? "no error" : parsed.error().message;
}

TEST(TextReader, ReadsTheNameLabelsValueAndTimestampOfASample) {
  const ParsedMetrics metrics = parse("orders_total{venue=\"ibkr\",side=\"buy\"} 1027 1395066363000\n");
  ASSERT_EQ(metrics.sample_count(), 1U);
  const ParsedSample& sample = metrics.families[0].samples[0];
  EXPECT_EQ(sample.name, "orders_total");
  EXPECT_THAT(sample.labels, ElementsAre(ParsedLabel{"venue", "ibkr"}, ParsedLabel{"side", "buy"}));
  EXPECT_EQ(sample.value, 1027);
  EXPECT_EQ(sample.timestamp_ms, 1395066363000);
}

TEST(TextReader, ReadsHelpAndTypeOfEveryKind) {
  const ParsedMetrics metrics = parse(
      "# HELP a The first.\n# TYPE a counter\n# TYPE b gauge\n# TYPE c histogram\n# TYPE d summary\n# TYPE e untyped\n"
      "# TYPE f unknown\n");
  EXPECT_EQ(metrics.family("a")->help, "The first.");
  EXPECT_EQ(metrics.family("a")->type, FamilyType::counter);
  EXPECT_EQ(metrics.family("b")->type, FamilyType::gauge);
  EXPECT_EQ(metrics.family("c")->type, FamilyType::histogram);
  EXPECT_EQ(metrics.family("d")->type, FamilyType::summary);
  EXPECT_EQ(metrics.family("e")->type, FamilyType::unknown);
  EXPECT_EQ(metrics.family("f")->type, FamilyType::unknown);
}

TEST(TextReader, GathersTheSeriesOfAHistogramInItsFamily) {
  const ParsedMetrics metrics = parse(
      "# TYPE latency histogram\nlatency_bucket{le=\"0.1\"} 3\nlatency_bucket{le=\"+Inf\"} 5\nlatency_sum "
      "1.5\nlatency_count 5\n"
      "latency_other 1\n");
  EXPECT_EQ(metrics.family("latency")->samples.size(), 4U);
  EXPECT_EQ(metrics.value("latency_bucket", {{"le", "+Inf"}}), 5);
  EXPECT_EQ(metrics.family("latency_other")->type, FamilyType::unknown);
}

TEST(TextReader, TakesBlanksBetweenTokensEmptyLinesAndComments) {
  const ParsedMetrics metrics = parse(
      "\n  \t\n#\n#HELP is not metadata here\n# just a comment\n# HELP\n"
      " \tspaced  {  a = \"1\" ,\tb=\"2\" , }\t 7  -12 \t\n# TYPE  spaced \t gauge  \nlast 8");
  EXPECT_EQ(metrics.value("spaced", {{"a", "1"}, {"b", "2"}}), 7);
  EXPECT_EQ(metrics.sample("spaced")->timestamp_ms, -12);
  EXPECT_EQ(metrics.family("spaced")->type, FamilyType::gauge);
  EXPECT_EQ(metrics.value("last"), 8);
}

TEST(TextReader, UnescapesLabelValuesAndHelp) {
  const ParsedMetrics metrics = parse(
      "# HELP m back\\\\slash, new\\nline, \\\"quote\\\" stays\n"
      "m{path=\"C:\\\\dir\",text=\"a \\\"b\\\"\\nc\",other=\"\\d\",empty=\"\",braces=\"}{,\"} 1\n");
  EXPECT_EQ(metrics.family("m")->help, "back\\slash, new\nline, \\\"quote\\\" stays");
  const ParsedSample& sample = *metrics.sample("m");
  EXPECT_EQ(*sample.label("path"), "C:\\dir");
  EXPECT_EQ(*sample.label("text"), "a \"b\"\nc");
  EXPECT_EQ(*sample.label("other"), "\\d");
  EXPECT_EQ(*sample.label("empty"), "");
  EXPECT_EQ(*sample.label("braces"), "}{,");
}

TEST(TextReader, ReadsUtf8NamesInQuotes) {
  const ParsedMetrics metrics = parse(
      "# HELP \"http.requests\" Requests.\n# TYPE \"http.requests\" counter\n"
      "{\"http.requests\",\"label.name\"=\"v\",plain=\"w\"} 1\nplain{\"zürich.\\\"x\\\"\"=\"v\"} 2\n{\"alone\"} 3\n");
  EXPECT_EQ(metrics.family("http.requests")->type, FamilyType::counter);
  EXPECT_EQ(metrics.family("http.requests")->help, "Requests.");
  EXPECT_EQ(metrics.value("http.requests", {{"label.name", "v"}, {"plain", "w"}}), 1);
  EXPECT_EQ(metrics.value("plain", {{"zürich.\"x\"", "v"}}), 2);
  EXPECT_EQ(metrics.value("alone"), 3);
}

TEST(TextReader, KeepsTheSeriesAsItStandsForACache) {
  TextReader reader("  a{x=\"\\\\\"} 1\nb 2\n{\"c\", y=\"}\"} 3\n", TextFormat::prometheus);
  ASSERT_EQ(reader.next().value(), Entry::sample);
  EXPECT_EQ(reader.series_key(), "a{x=\"\\\\\"}");
  ASSERT_EQ(reader.next().value(), Entry::sample);
  EXPECT_EQ(reader.series_key(), "b");
  ASSERT_EQ(reader.next().value(), Entry::sample);
  EXPECT_EQ(reader.series_key(), "{\"c\", y=\"}\"}");
  EXPECT_EQ(reader.value(), 3);
  EXPECT_EQ(reader.next().value(), Entry::end);
  EXPECT_EQ(reader.next().value(), Entry::end);
}

TEST(TextReader, PointsIntoTheInputWhereNothingIsEscaped) {
  const std::string input = "a{x=\"1\"} 1\n";
  TextReader reader(input, TextFormat::prometheus);
  ASSERT_TRUE(reader.next());
  const SeriesView series = reader.series().value();
  EXPECT_EQ(series.name.data(), input.data());
  EXPECT_EQ(series.labels[0].value.data(), input.data() + 5);
}

TEST(TextReader, AnErrorInsideTheBracesLeavesTheOtherSamplesReadable) {
  TextReader reader("a 0\nb{x=1} 1\nc 2\n", TextFormat::prometheus);
  ASSERT_TRUE(reader.next());
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.series().error().message,
            "line 2, column 5: expected a label value in double quotes, found \"1} 1\"");
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.series()->name, "c");
}

TEST(TextReader, SaysWhereTheInputIsWrongAndWhatWasExpected) {
  EXPECT_EQ(error_of("ok 1\nbad one\n"),
            "line 2, column 5: expected a value: a decimal number, NaN, +Inf or -Inf, found \"one\"");
  EXPECT_THAT(error_of("a\n"), HasSubstr("line 1, column 2: expected a value"));
  EXPECT_THAT(error_of("a"), HasSubstr("found the end of the input"));
  EXPECT_THAT(error_of("a 1 2 3\n"), HasSubstr("line 1, column 7: expected the end of the line"));
  EXPECT_THAT(error_of("a 1 2.5\n"), HasSubstr("column 5: expected a timestamp in whole milliseconds"));
  EXPECT_THAT(error_of("\n\n3a 1\n"), HasSubstr("line 3, column 1: expected a metric name"));
  EXPECT_THAT(error_of("a-b 1\n"), HasSubstr("column 2: expected a blank or '{'"));
  EXPECT_THAT(error_of("a{b=\"1\" 1\n"), HasSubstr("expected '}'"));
  EXPECT_THAT(error_of("a{b=\"1} 1\nc{d=\"\"} 2\n"), HasSubstr("line 1, column 10: expected '}'"));
  EXPECT_THAT(error_of("a{b=\"1\"c=\"2\"} 1\n"), HasSubstr("column 8: expected ',' or '}'"));
  EXPECT_THAT(error_of("a{,} 1\n"), HasSubstr("column 3: expected a label name"));
  EXPECT_THAT(error_of("a{b=\"1\",,} 1\n"), HasSubstr("column 9: expected a label name"));
  EXPECT_THAT(error_of("a{b:c=\"1\"} 1\n"), HasSubstr("column 4: expected '='"));
  EXPECT_THAT(error_of("a{b} 1\n"), HasSubstr("column 4: expected '='"));
  EXPECT_THAT(error_of("{a=\"1\"} 1\n"), HasSubstr("expected a metric name"));
  EXPECT_THAT(error_of("a{\"b\"} 1\n"), HasSubstr("the metric has a name already"));
  EXPECT_THAT(error_of("{\"\"} 1\n"), HasSubstr("expected a name that is not empty"));
  EXPECT_THAT(error_of("a{b=\"1\",b=\"2\"} 1\n"), HasSubstr("expected each label once, not \"b\" twice"));
  EXPECT_THAT(error_of("a{__name__=\"b\"} 1\n"), HasSubstr("a label name other than __name__"));
  EXPECT_THAT(error_of("# TYPE a gaugehistogram\n"), HasSubstr("line 1, column 10: expected a type"));
  EXPECT_THAT(error_of("# TYPE a\n"), HasSubstr("column 9: expected a type"));
  EXPECT_THAT(error_of("# HELP 1a x\n"), HasSubstr("column 8: expected a metric name"));
  EXPECT_THAT(error_of("a 1\r\n"), HasSubstr("found \"1\\x0d\""));
  EXPECT_THAT(error_of(std::string_view("a 1\n\0\n", 6)), HasSubstr("line 2, column 1"));
}

TEST(TextReader, RefusesWhatIsNotUtf8) {
  EXPECT_THAT(error_of("a{b=\"ok\",c=\"x\xff\"} 1\n"), HasSubstr("column 14: expected valid UTF-8"));
  EXPECT_THAT(error_of("a{b=\"\xed\xa0\x80\"} 1\n"), HasSubstr("expected valid UTF-8"));
  EXPECT_THAT(error_of("a{b=\"\xc0\xaf\"} 1\n"), HasSubstr("expected valid UTF-8"));
  EXPECT_THAT(error_of("a{b=\"\xf4\x90\x80\x80\"} 1\n"), HasSubstr("expected valid UTF-8"));
  EXPECT_THAT(error_of("# HELP a x\xe2\x82\n"), HasSubstr("column 11: expected valid UTF-8"));
  EXPECT_EQ(*parse("a{b=\"€ 𝄞 ü\"} 1\n").sample("a")->label("b"), "€ 𝄞 ü");
}

TEST(TextReader, GivesTheSameErrorAgain) {
  TextReader reader("bad\nok 1\n", TextFormat::prometheus);
  const std::string first = reader.next().error().message;
  EXPECT_EQ(reader.next().error().message, first);
}

TEST(TextReader, FindsARepeatedNameAmongManyLabels) {
  std::string many = "a{";
  for (int i = 0; i < 1000; ++i) many += "l" + std::to_string(i) + "=\"v\",";
  EXPECT_EQ(parse(many + "} 1\n").sample("a")->labels.size(), 1000U);
  EXPECT_THAT(error_of(many + "l500=\"w\"} 1\n"), HasSubstr("not \"l500\" twice"));
}

TEST(TextReader, UnescapesManyValuesOfOneSeriesWithoutLosingAny) {
  std::string many = "a{";
  for (int i = 0; i < 100; ++i) many += "l" + std::to_string(i) + "=\"\\\\" + std::to_string(i) + "\\n\",";
  const ParsedMetrics metrics = parse(many + "} 1\n");
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(metrics.sample("a")->labels[i].value, "\\" + std::to_string(i) + "\n");
  }
}

TEST(TextReader, TakesAnEmptyInput) {
  EXPECT_EQ(parse("").sample_count(), 0U);
  EXPECT_EQ(parse("\n").sample_count(), 0U);
}

TEST(TextReader, GivesAPrefixOrAnErrorWhereverTheInputIsCut) {
  const std::string whole =
      "# HELP a Text \\n.\n# TYPE a counter\na{x=\"1\",y=\"\\\"}\"} 10 1395066363000\n{\"b.c\",z=\"é\"} -2.5e-3\nd "
      "NaN\n";
  const std::size_t samples = parse(whole).sample_count();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);  // an allocation of its own: sanitizers see a read beyond it
    const Result<ParsedMetrics> parsed = parse_exposition(text, cut);
    if (parsed) {
      EXPECT_LE(parsed->sample_count(), samples);
    } else {
      EXPECT_THAT(parsed.error().message, HasSubstr("line "));
    }
  }
}

}  // namespace
}  // namespace bellwether::exposition
