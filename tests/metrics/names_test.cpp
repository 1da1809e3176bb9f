// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "metrics/names.hpp"

namespace bellwether::detail {
namespace {

TEST(Names, LegacyNamesAreThoseOfPrometheus2) {
  for (const char* name : {"a", "_", ":", "a_b:c", "A1"}) EXPECT_TRUE(is_legacy_metric_name(name)) << name;
  for (const char* name : {"", "1a", "a-b", "a b", "a.b", "ä", "a\n"})
    EXPECT_FALSE(is_legacy_metric_name(name)) << name;
  EXPECT_TRUE(is_legacy_label_name("a_1"));
  EXPECT_FALSE(is_legacy_label_name("a:b"));
}

TEST(Names, Utf8IsValidatedToTheLetter) {
  for (const char* text : {"", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_valid_utf8(text));
    EXPECT_EQ(replace_invalid_utf8(text), text);
  }
  for (const char* text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xe0\xa0", "\xed\xa0\x80",
        "\xf0\x8f\xbf\xbf", "\xf0\x90\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
        "a\xff"
        "b"}) {
    EXPECT_FALSE(is_valid_utf8(text));
    EXPECT_TRUE(is_valid_utf8(replace_invalid_utf8(text)));
  }
  EXPECT_TRUE(is_valid_utf8(std::string("\0", 1)));
}

TEST(Names, EachInvalidByteIsReplaced) {
  EXPECT_EQ(replace_invalid_utf8("a\xff"
                                 "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(replace_invalid_utf8("\xe0\xa0"
                                 "b"),
            "\xef\xbf\xbd\xef\xbf\xbd"
            "b");
  EXPECT_EQ(replace_invalid_utf8("\xc3\xa4\xc3"), "\xc3\xa4\xef\xbf\xbd");
}

TEST(Names, LabelValuesAreEscaped) {
  std::string out = "x";
  append_escaped_label_value(out, "a\\b\"c\nd\te");
  EXPECT_EQ(out, "xa\\\\b\\\"c\\nd\te");
  out.clear();
  append_escaped_label_value(out, "\n");
  EXPECT_EQ(out, "\\n");
  append_escaped_label_value(out, "");
  EXPECT_EQ(out, "\\n");
}

}  // namespace
}  // namespace bellwether::detail
