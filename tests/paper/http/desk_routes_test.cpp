// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/http/desk_routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "paper/feed/json_cursor.hpp"
#include "paper/http/json_text.hpp"
#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

using testing::HasSubstr;
constexpr SimTime begin = 1'723'161'254 * nanoseconds_per_second;

Market one_symbol() {
  Market market;
  market.symbols = {"BTCUSDT"};
  market.faults = std::make_unique<InputFaults>(market.symbols);
  market.source = list_of({quote(begin, 1, 99, 101), quote(begin + 1, 2, 99, 101)});
  return market;
}

class DeskRoutesTest : public testing::Test {
 protected:
  net::Response ask(const std::string& method, const std::string& route, net::Request request = {}) {
    const auto found = std::find_if(routes.begin(), routes.end(), [&](const net::Route& each) {
      return each.method == method && each.path == route;
    });
    if (found == routes.end()) return net::Response::text(404, "no such route");
    request.method = method;
    return found->handler(request);
  }
  net::Response engine(const std::string& what, net::Request request = {}, const std::string& symbol = "BTCUSDT") {
    request.parameters = {{"symbol", symbol}};
    return ask("POST", "/engines/{symbol}/" + what, std::move(request));
  }
  static std::string body(const net::Response& response) { return std::get<std::string>(response.body); }
  static net::Request with_token(const std::string& token = "0123456789abcdef") {
    net::Request request;
    request.headers = {{"Authorization", "Bearer " + token}};
    return request;
  }

  ManualClock clock{std::chrono::seconds{1000}};
  DeskObserver nobody;
  Desk desk{one_symbol(), {.speed = std::nullopt, .limits = {.daily_loss = 0, .drawdown = 1}}, clock, nobody};
  std::vector<net::Route> routes = desk_routes(desk, "0123456789abcdef");
};

TEST_F(DeskRoutesTest, ListsTheEngines) {
  clock.advance(std::chrono::milliseconds{1500});
  const net::Response response = ask("GET", "/engines/status");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_THAT(body(response), HasSubstr(R"([{"symbol":"BTCUSDT","status":"running","uptime_seconds":1.500,)"
                                        R"("last_heartbeat":0.000,"errors":0,)"));
  const std::string text = body(response);
  JsonCursor json{text};
  EXPECT_TRUE(json.skip_value() && json.at_end());
}

TEST_F(DeskRoutesTest, StopsAndStartsAnEngine) {
  EXPECT_EQ(engine("stop").status, 200);
  EXPECT_THAT(body(ask("GET", "/engines/status")), HasSubstr(R"("status":"stopped")"));
  EXPECT_EQ(engine("stop").status, 409);
  const net::Response started = engine("start");
  EXPECT_EQ(started.status, 200);
  EXPECT_EQ(body(started), "{\"symbol\":\"BTCUSDT\",\"result\":\"started\"}\n");
  EXPECT_EQ(engine("start").status, 409);
  EXPECT_EQ(engine("start", {}, "DOGEUSDT").status, 404);
  EXPECT_EQ(engine("start", {}, "\"<script>").status, 404);
}

TEST_F(DeskRoutesTest, ACrashNeedsTheToken) {
  EXPECT_EQ(engine("crash").status, 401);
  EXPECT_EQ(engine("crash", with_token("0123456789abcdeX")).status, 401);
  EXPECT_EQ(engine("crash", with_token("0123456789abcde")).status, 401);
  EXPECT_EQ(engine("crash", with_token("")).status, 401);
  EXPECT_EQ(engine("crash", with_token()).status, 200);
  while (desk.step()) {
  }
  EXPECT_THAT(body(ask("GET", "/engines/status")), HasSubstr(R"("status":"crashed")"));
}

TEST_F(DeskRoutesTest, AWebSiteCannotStopAnEngine) {
  net::Request from_page;
  from_page.headers = {{"Origin", "https://example.org"}};
  EXPECT_EQ(engine("stop", from_page).status, 401);
  EXPECT_EQ(engine("start", from_page).status, 401);
}

TEST_F(DeskRoutesTest, SummarisesTheRiskAndResetsTheStop) {
  EXPECT_EQ(body(ask("GET", "/risk/summary")),
            "{\"equity\":10000.0000,\"realized_today_pct\":0.000000,\"positions_open\":0,\"global_stop\":false,"
            "\"reasons\":[]}\n");
  net::Request reset = with_token();
  reset.body = R"({"reason":"looked at it"})";
  EXPECT_EQ(ask("POST", "/risk/global_stop/reset", reset).status, 409) << "not active";
  while (desk.step()) {
  }
  EXPECT_THAT(body(ask("GET", "/risk/summary")), HasSubstr(R"("global_stop":true,"reasons":["daily loss 0.00%)"));

  EXPECT_EQ(ask("POST", "/risk/global_stop/reset").status, 401);
  for (const char* const wrong : {"", "{}", R"({"reason":""})", R"({"reason":5})", R"({"reason":"x")"}) {
    net::Request request = with_token();
    request.body = wrong;
    EXPECT_EQ(ask("POST", "/risk/global_stop/reset", request).status, 400) << wrong;
  }
  const net::Response response = ask("POST", "/risk/global_stop/reset", reset);
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(body(response), HasSubstr(R"("global_stop":false)"));
}

TEST(JsonText, EscapesWhatMustBe) {
  EXPECT_EQ(json_string("a\"b\\c\n\x01"), R"("a\"b\\c\u000a\u0001")");
  EXPECT_EQ(json_string("gr\xC3\xBC\xC3\x9F"), "\"gr\xC3\xBC\xC3\x9F\"");
  EXPECT_EQ(json_string("\xFF\xC3"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(json_string("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"") << "a surrogate";
  EXPECT_EQ(json_string("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"") << "overlong";
}

}  // namespace
}  // namespace bellwether::paper
