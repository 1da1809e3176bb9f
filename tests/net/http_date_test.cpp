// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/http_date.hpp"

#include <gtest/gtest.h>

namespace bellwether::net {
namespace {

using std::chrono::seconds;

TEST(HttpDate, IsWrittenAsHttpDoes) {
  EXPECT_EQ(http_date(seconds{1723118454}), "Thu, 08 Aug 2024 12:00:54 GMT");
  EXPECT_EQ(http_date({}), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(HttpDate, IsReadInItsThreeForms) {
  const seconds expected{784111777};  // the example of RFC 9110
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), expected);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), expected);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), expected);
  EXPECT_EQ(parse_http_date("Thu Nov 16 08:49:37 1995"), seconds{816511777});
}

TEST(HttpDate, OfWhatWasWrittenIsReadAgain) {
  for (const long at : {0L, 951782399L, 951782400L, 1709164800L, 1735689599L, 4102444800L, 9223372035L}) {
    EXPECT_EQ(parse_http_date(http_date(seconds{at})), seconds{at}) << http_date(seconds{at});
  }
}

TEST(HttpDate, TakesALeapSecondForTheNext) {
  EXPECT_EQ(parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT"), seconds{1483228800});
}

TEST(HttpDate, TwoDigitsOfAYearAreOfTheLastCenturyFrom70) {
  EXPECT_EQ(parse_http_date("Thursday, 01-Jan-70 00:00:00 GMT"), seconds{0});
  EXPECT_EQ(parse_http_date("Tuesday, 31-Dec-69 23:59:59 GMT"), seconds{3155759999});
}

TEST(HttpDate, RefusesWhatIsNone) {
  for (const char* text : {"",
                           " ",
                           "120",
                           "Sun",
                           "Sun, 06 Nov 1994 08:49:37",
                           "Sun, 06 Nov 1994 08:49:37 UTC",
                           "Sun, 06 Nov 1994 08:49:37 GMT ",
                           " Sun, 06 Nov 1994 08:49:37 GMT",
                           "Sun, 6 Nov 1994 08:49:37 GMT",
                           "Son, 06 Nov 1994 08:49:37 GMT",
                           "Sun, 06 nov 1994 08:49:37 GMT",
                           "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 00 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 24:00:00 GMT",
                           "Sun, 06 Nov 1994 08:60:00 GMT",
                           "Sun, 06 Nov 1994 08:49:61 GMT",
                           "Sun, 06 Nov 94 08:49:37 GMT",
                           "Sun, 06 Nov +994 08:49:37 GMT",
                           "Sunday, 06-Nov-1994 08:49:37 GMT",
                           "Sun Nov 6 08:49:37 1994",
                           "Sun, 29 Feb 2023 00:00:00 GMT"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace bellwether::net
