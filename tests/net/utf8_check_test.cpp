// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/utf8_check.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bellwether::net {
namespace {

using namespace std::string_view_literals;

TEST(Utf8Check, TakesWhatIsText) {
  for (const std::string_view text :
       {""sv, "plain"sv, "\0"sv, "\x7f"sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv, "\xed\x9f\xbf"sv,
        "\xee\x80\x80"sv, "\xef\xbf\xbf"sv, "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv, "€ und Ω"sv}) {
    EXPECT_TRUE(is_utf8_text(text)) << text;
  }
}

TEST(Utf8Check, RefusesTheRest) {
  for (const std::string_view text :
       {"\x80"sv, "\xbf"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xc2"sv, "\xc2 "sv, "\xe0\x9f\xbf"sv, "\xe2\x82"sv,
        "\xed\xa0\x80"sv, "\xed\xbf\xbf"sv, "\xf0\x8f\xbf\xbf"sv, "\xf0\x90\x80"sv, "\xf4\x90\x80\x80"sv,
        "\xf5\x80\x80\x80"sv, "\xf8\x88\x80\x80\x80"sv, "\xff"sv, "\xfe"sv, "ab\xe2\x82z"sv}) {
    EXPECT_FALSE(is_utf8_text(text)) << text;
  }
}

}  // namespace
}  // namespace bellwether::net
