// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/http_transport.hpp"

#include <gtest/gtest.h>

#include <set>

namespace bellwether::net {
namespace {

using std::chrono::seconds;

constexpr seconds now{784111777};  // Sun, 06 Nov 1994 08:49:37 GMT

std::optional<seconds> wait_of(const std::string& text, std::chrono::nanoseconds at = now) {
  return HttpResponse{.status = 429, .headers = {{"retry-after", text}}}.retry_after(at);
}

TEST(HttpResponse, FindsHeadersInAnyCase) {
  const HttpResponse response{.status = 200, .headers = {{"X-A", "1"}, {"x-a", "2"}, {"Empty", ""}}};
  EXPECT_EQ(response.header("x-A"), "1");
  EXPECT_EQ(response.header("empty"), "");
  EXPECT_EQ(response.header("missing"), "");
}

TEST(HttpResponse, RetryAfterInSeconds) {
  EXPECT_EQ(wait_of("0"), seconds{0});
  EXPECT_EQ(wait_of("120"), seconds{120});
  EXPECT_EQ(wait_of("000000000000000000000000000007"), seconds{7});
}

TEST(HttpResponse, RetryAfterAsADateCountsFromNow) {
  EXPECT_EQ(wait_of("Sun, 06 Nov 1994 08:50:37 GMT"), seconds{60});
  EXPECT_EQ(wait_of("Sunday, 06-Nov-94 08:50:37 GMT"), seconds{60});
  EXPECT_EQ(wait_of("Sun Nov  6 08:50:37 1994"), seconds{60});
  EXPECT_EQ(wait_of("Sun, 06 Nov 1994 08:50:37 GMT", now + std::chrono::milliseconds{999}), seconds{60});
}

TEST(HttpResponse, RetryAfterIsNeverNegativeNorBeyondAYear) {
  const std::chrono::hours year{24 * 365};
  EXPECT_EQ(wait_of("Sun, 06 Nov 1994 08:49:36 GMT"), seconds{0});
  EXPECT_EQ(wait_of("Thu, 01 Jan 1970 00:00:00 GMT"), seconds{0});
  EXPECT_EQ(wait_of("Fri, 31 Dec 9999 23:59:59 GMT"), year);
  EXPECT_EQ(wait_of("999999999999999999999999999999999999"), year);
}

TEST(HttpResponse, RetryAfterThatCannotBeReadIsNone) {
  for (const char* text : {"", "-1", "+1", "1.5", "1 ", "soon", "0x10", "Sun, 06 Nov 1994"}) {
    EXPECT_EQ(wait_of(text), std::nullopt) << text;
  }
  EXPECT_EQ(HttpResponse{.status = 429}.retry_after(now), std::nullopt);
}

TEST(HttpResult, HoldsAResponseOrAReason) {
  const HttpResult good = HttpResponse{.status = 204};
  ASSERT_TRUE(good);
  EXPECT_EQ(good->status, 204);
  EXPECT_TRUE(good->is_success());
  EXPECT_EQ(good.kind(), HttpErrorKind::none);
  EXPECT_TRUE(good.result());
  const HttpResult bad = HttpError{HttpErrorKind::timeout, "too late"};
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.kind(), HttpErrorKind::timeout);
  EXPECT_EQ(bad.error().message, "too late");
}

TEST(HttpErrorKind, HasANameEach) {
  std::set<std::string_view> names;
  for (int kind = 0; kind <= static_cast<int>(HttpErrorKind::other); ++kind) {
    names.insert(name_of(static_cast<HttpErrorKind>(kind)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(HttpErrorKind::other) + 1);
  EXPECT_EQ(name_of(HttpErrorKind::too_large), "too_large");
  EXPECT_EQ(name_of(static_cast<HttpErrorKind>(200)), "other");
}

}  // namespace
}  // namespace bellwether::net
