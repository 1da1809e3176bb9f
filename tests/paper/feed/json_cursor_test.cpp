// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/json_cursor.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bellwether::paper {
namespace {

bool is_value(std::string_view text) {
  JsonCursor json{text};
  return json.skip_value() && json.at_end();
}

TEST(JsonCursor, SkipsWholeValues) {
  EXPECT_TRUE(is_value(R"({"a":[1,-2.5e3,{"b":null}],"c":"\"\\","d":true})"));
  EXPECT_TRUE(is_value(" [ ] "));
  EXPECT_TRUE(is_value(R"({ })"));
}

TEST(JsonCursor, RefusesWhatIsNotWhole) {
  for (const char* const text : {"", "{", "[1,", R"({"a")", R"({"a":)", R"({"a":1)", R"("open)", R"("ends in \)", "nul",
                                 "[1 2]", R"({"a":1,})", "[,]", "1.2.3", "--1", "\x01", "{1:2}", "nan", "1e999"}) {
    EXPECT_FALSE(is_value(text)) << text;
  }
}

TEST(JsonCursor, LimitsNesting) {
  EXPECT_TRUE(is_value(std::string(30, '[') + std::string(30, ']')));
  EXPECT_FALSE(is_value(std::string(100'000, '[')));
}

TEST(JsonCursor, ReadsNumbersBareAndQuoted) {
  double number = 0;
  EXPECT_TRUE(JsonCursor{R"("61837.63000000")"}.decimal(number));
  EXPECT_EQ(number, 61837.63);
  EXPECT_TRUE(JsonCursor{"-0.5"}.decimal(number));
  EXPECT_EQ(number, -0.5);
  EXPECT_FALSE(JsonCursor{R"("inf")"}.decimal(number));
  EXPECT_FALSE(JsonCursor{R"("1.5x")"}.decimal(number));
  EXPECT_FALSE(JsonCursor{R"("")"}.decimal(number));
}

TEST(JsonCursor, RefusesIntegersThatDoNotFit) {
  std::int64_t number = 0;
  EXPECT_TRUE(JsonCursor{"9223372036854775807"}.integer(number));
  EXPECT_FALSE(JsonCursor{"9223372036854775808"}.integer(number));
  EXPECT_FALSE(JsonCursor{"1.5"}.integer(number));
}

TEST(JsonCursor, NeverReadsOutsideAPrefix) {
  // Each prefix stands in its own allocation, so that the address sanitizer sees a read past its end.
  const std::string whole = R"({"stream":"x","data":{"p":"1.5","b":[["1","2"]],"m":false,"e":"\u0041"}})";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::string prefix = whole.substr(0, length);
    EXPECT_FALSE(is_value({prefix.data(), prefix.size()})) << prefix;
  }
}

}  // namespace
}  // namespace bellwether::paper
