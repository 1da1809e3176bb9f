// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/http/desk_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/src.hpp>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "paper/desk_fixtures.hpp"
#include "paper/http/json_text.hpp"
#include "paper/http/request_body.hpp"

namespace bellwether::paper {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class DeskApiTest : public testing::Test {
 protected:
  DeskApiTest() {
    while (test.desk.events() < 30'000) test.desk.step();
  }

  /// As the router would: finds the route by method and pattern, with these parameters.
  net::Response ask(const std::string& method, const std::string& path, net::Request request = {}) {
    const auto found = std::find_if(routes.begin(), routes.end(),
                                    [&](const net::Route& each) { return each.method == method && each.path == path; });
    if (found == routes.end()) return net::Response::text(404, "no such route");
    request.method = method;
    return found->handler(request);
  }
  static net::Request with(std::vector<net::Field> parameters, std::string body = {}, bool token = true) {
    net::Request request;
    request.parameters = std::move(parameters);
    request.body = std::move(body);
    if (token) request.headers = {{"Authorization", std::string{"Bearer "} + test_token}};
    return request;
  }
  static std::string body(const net::Response& response) { return std::get<std::string>(response.body); }
  static json::value parsed(const net::Response& response) { return json::parse(body(response)); }
  json::object document() { return parsed(ask("GET", "/openapi.json")).as_object(); }

  /// What of `value` is not as the schema says; empty when all is.
  std::string mismatch(const json::value& value, const json::object& schema) {
    const json::object all = document();
    return mismatch(value, schema, all.at("components").at("schemas").as_object());
  }
  static std::string mismatch(const json::value& value, const json::object& schema, const json::object& schemas) {
    if (const auto* reference = schema.if_contains("$ref")) {
      const std::string name{reference->as_string()};
      return mismatch(value, schemas.at(name.substr(name.rfind('/') + 1)).as_object(), schemas);
    }
    const auto* nullable = schema.if_contains("nullable");
    if (nullable != nullptr && value.is_null()) return {};
    const std::string type{schema.at("type").as_string()};
    if (type == "string") return value.is_string() ? "" : "no string";
    if (type == "boolean") return value.is_bool() ? "" : "no boolean";
    if (type == "integer") return value.is_int64() || value.is_uint64() ? "" : "no integer";
    if (type == "number") return value.is_number() ? "" : "no number";
    if (type == "array") {
      if (!value.is_array()) return "no array";
      for (const json::value& each : value.as_array()) {
        if (auto wrong = mismatch(each, schema.at("items").as_object(), schemas); !wrong.empty()) return wrong;
      }
      return {};
    }
    if (!value.is_object()) return "no object";
    const auto* properties = schema.if_contains("properties");
    if (properties == nullptr) return {};
    if (const auto* required = schema.if_contains("required")) {
      for (const json::value& name : required->as_array()) {
        if (!value.as_object().contains(name.as_string())) return "lacks " + std::string{name.as_string()};
      }
    }
    for (const auto& [name, member] : value.as_object()) {
      const auto* described = properties->as_object().if_contains(name);
      if (described == nullptr) return std::string{name} + " is not in the schema";
      if (auto wrong = mismatch(member, described->as_object(), schemas); !wrong.empty()) {
        return std::string{name} + ": " + wrong;
      }
    }
    return {};
  }

  DeskObserver nobody;
  TestDesk test{open_generated_market({"BTCUSDT", "ETHUSDT"}, 5), nobody};
  HealthRegistry health{{.background = false, .clock = &test.clock}};
  std::vector<net::Route> routes = desk_routes(test.desk, health, test_token);
};

TEST_F(DeskApiTest, TheDocumentDescribesWhatIsServedAndAnswersFollowIt) {
  const json::object all = document();
  EXPECT_EQ(all.at("openapi").as_string(), "3.0.3");
  std::size_t operations = 0;
  for (const auto& [path, methods] : all.at("paths").as_object()) {
    for (const auto& [method, operation] : methods.as_object()) {
      ++operations;
      const bool served =
          std::any_of(routes.begin(), routes.end(), [&, &path = path, &method = method](const auto& route) {
            std::string upper{method};
            std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
            return route.path == path && route.method == upper;
          });
      EXPECT_TRUE(served) << method << ' ' << path;
      if (method != "get" || path.find('{') != std::string::npos) continue;
      const net::Response response = ask("GET", std::string{path});
      EXPECT_EQ(response.status, 200) << path;
      const json::object& schema =
          operation.at("responses").at("200").at("content").at("application/json").at("schema").as_object();
      EXPECT_EQ(mismatch(parsed(response), schema), "") << path << ": " << body(response);
    }
  }
  EXPECT_EQ(operations + 1, routes.size()) << "all but the document itself";
}

TEST_F(DeskApiTest, WhatChangesSomethingNeedsTheToken) {
  std::size_t guarded = 0;
  for (const net::Route& route : routes) {
    if (route.method == "GET") continue;
    ++guarded;
    for (const char* const given : {"", "Bearer ", "Bearer 0123456789abcdeX", "Bearer 0123456789abcde", "Basic eA=="}) {
      net::Request request = with({{"symbol", "BTCUSDT"}, {"fault", "slow"}}, R"({"reason":"x"})", false);
      request.headers = {{"Authorization", given}};
      const net::Response response = ask(route.method, route.path, request);
      EXPECT_EQ(response.status, 401) << route.method << ' ' << route.path << " with " << given;
    }
  }
  EXPECT_GE(guarded, 12U);
  EXPECT_TRUE(test.desk.faults().list().empty());
}

TEST_F(DeskApiTest, ListsEnginesAsTheDocumentHasThem) {
  const json::value engines = parsed(ask("GET", "/engines/status"));
  ASSERT_EQ(engines.as_array().size(), 2U);
  EXPECT_EQ(engines.at(0).at("symbol").as_string(), "BTCUSDT");
  EXPECT_EQ(engines.at(0).at("status").as_string(), "running");
  EXPECT_EQ(engines.at(0).at("last_heartbeat").to_number<double>(), 1000);
}

TEST_F(DeskApiTest, StopsStartsPausesAndResumesBots) {
  EXPECT_EQ(ask("POST", "/engines/{symbol}/stop", with({{"symbol", "BTCUSDT"}})).status, 200);
  EXPECT_EQ(ask("POST", "/engines/{symbol}/stop", with({{"symbol", "BTCUSDT"}})).status, 409);
  EXPECT_EQ(parsed(ask("GET", "/api/v1/bots/")).at(0).at("status").as_string(), "stopped");
  const net::Response started = ask("POST", "/api/v1/bots/{bot_id}/start", with({{"bot_id", "bot-BTCUSDT"}}));
  EXPECT_EQ(parsed(started).at("status").as_string(), "running");
  EXPECT_EQ(ask("POST", "/engines/{symbol}/start", with({{"symbol", "\"<script>"}})).status, 404);
  EXPECT_EQ(
      parsed(ask("POST", "/api/v1/bots/{bot_id}/pause", with({{"bot_id", "bot-BTCUSDT"}}))).at("status").as_string(),
      "paused");
  EXPECT_EQ(ask("POST", "/api/v1/bots/{bot_id}/pause", with({{"bot_id", "bot-BTCUSDT"}})).status, 409);
  EXPECT_EQ(ask("POST", "/api/v1/bots/{bot_id}/resume", with({{"bot_id", "bot-BTCUSDT"}})).status, 200);
  EXPECT_EQ(ask("GET", "/api/v1/bots/{bot_id}", with({{"bot_id", "bot-DOGE"}})).status, 404);
}

TEST_F(DeskApiTest, ListsOrdersAndFillsNewestFirst) {
  net::Request request;
  request.query = "limit=3";
  const json::value orders = parsed(ask("GET", "/api/v1/orders", request));
  ASSERT_EQ(orders.as_array().size(), 3U);
  EXPECT_GT(orders.at(0).at("order_id").as_int64(), orders.at(2).at("order_id").as_int64());
  EXPECT_EQ(parsed(ask("GET", "/api/v1/fills", request)).as_array().size(), 3U);
  for (const char* const wrong : {"limit=0", "limit=1001", "limit=-1", "limit=x", "limit="}) {
    request.query = wrong;
    EXPECT_EQ(ask("GET", "/api/v1/orders", request).status, 400) << wrong;
  }
  EXPECT_EQ(ask("POST", "/api/v1/orders/{order_id}/cancel", with({{"order_id", "99999"}})).status, 409);
  EXPECT_EQ(ask("POST", "/api/v1/orders/{order_id}/cancel", with({{"order_id", "x"}})).status, 404);
}

TEST_F(DeskApiTest, TripsAndResetsTheKillSwitch) {
  const std::string reason = R"({"reason":"looked \"at\" it","actor":"ada"})";
  EXPECT_EQ(ask("POST", "/risk/global_stop/reset", with({}, R"({"reason":"x"})")).status, 409) << "not latched";
  for (const char* const wrong :
       {"", "{}", R"({"reason":""})", R"({"reason":5})", R"({"reason":"x")", R"({"why":"x"})"}) {
    EXPECT_EQ(ask("POST", "/api/v1/risk/kill-switches/trip", with({}, wrong)).status, 400) << wrong;
  }
  const json::value tripped = parsed(ask("POST", "/api/v1/risk/kill-switches/trip", with({}, R"({"reason":"drill"})")));
  EXPECT_TRUE(tripped.at("global_stop").as_bool());
  EXPECT_EQ(tripped.at("latched").at(0).at("type").as_string(), "manual");
  EXPECT_THAT(body(ask("GET", "/risk/summary")), HasSubstr(R"("global_stop":true)"));
  EXPECT_EQ(ask("POST", "/api/v1/risk/kill-switches/reset", with({}, R"({"type":"psr","reason":"x"})")).status, 409);
  EXPECT_EQ(ask("POST", "/api/v1/risk/kill-switches/reset", with({}, reason)).status, 200);
  EXPECT_THAT(body(ask("GET", "/risk/summary")), HasSubstr(R"("global_stop":false,"reasons":[])"));
  const json::value audit = parsed(ask("GET", "/api/v1/risk/audit"));
  EXPECT_GE(audit.at("events").as_array().size(), 2U);
  EXPECT_EQ(ask("POST", "/api/v1/strategies/{strategy}/enable", with({{"strategy", "none"}}, reason)).status, 409);
}

TEST_F(DeskApiTest, FaultsBeginEndAndAreListed) {
  EXPECT_EQ(ask("POST", "/faults/{fault}", with({{"fault", "slow"}}, R"({"symbol":"BTCUSDT","seconds":30})")).status,
            200);
  const json::value list = parsed(ask("GET", "/faults"));
  EXPECT_EQ(list.at(0).at("fault").as_string(), "slow");
  EXPECT_EQ(list.at(0).at("until").to_number<double>(), 1030);
  EXPECT_EQ(ask("DELETE", "/faults/{fault}", with({{"fault", "slow"}})).status, 200);
  EXPECT_EQ(ask("DELETE", "/faults/{fault}", with({{"fault", "slow"}})).status, 409);
  EXPECT_THAT(body(ask("POST", "/faults/{fault}", with({{"fault", "fire"}}))), HasSubstr("provider_failure"));
  EXPECT_EQ(ask("POST", "/faults/{fault}", with({{"fault", "slow"}}, R"({"symbol":"DOGE"})")).status, 404);
  for (const char* const wrong :
       {R"({"seconds":0})", R"({"seconds":-1})", R"({"seconds":1e9})", R"({"seconds":"x"})"}) {
    EXPECT_EQ(ask("POST", "/faults/{fault}", with({{"fault", "slow"}}, wrong)).status, 400) << wrong;
  }
  EXPECT_EQ(ask("POST", "/engines/{symbol}/crash", with({{"symbol", "ETHUSDT"}})).status, 200);
  test.desk.step();
  test.desk.step();
  EXPECT_EQ(parsed(ask("GET", "/engines/status")).at(1).at("status").as_string(), "crashed");
}

TEST_F(DeskApiTest, HealthTellsTheLastCompletedCycle) {
  ASSERT_TRUE(health.add({.name = "venue", .critical = false}, [] {
    return HealthResult{HealthStatus::unhealthy, "down"};
  }));
  health.run_due();
  const net::Response response = ask("GET", "/health");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(parsed(response).at("status").as_string(), "degraded");
  EXPECT_EQ(parsed(response).at("last_cycle").to_number<double>(), 1000);
  EXPECT_EQ(ask("GET", "/ready").status, 200);
}

TEST(RequestBody, UnescapesAndNamesWhatItDoesNotKnow) {
  EXPECT_EQ(read_body(R"({"reason":"a \"b\"\n c\\d"})")->reason, "a \"b\"\n c\\d");
  EXPECT_THAT(read_body(R"({"colour":"red"})").error().message, HasSubstr("'colour'"));
  EXPECT_TRUE(read_body(""));
  EXPECT_FALSE(read_body("[]"));
  EXPECT_FALSE(read_body(R"({"reason":"x"} )"
                         "y"));
}

TEST(JsonText, EscapesWhatMustBe) {
  EXPECT_EQ(json_string("a\"b\\c\n\x01"), R"("a\"b\\c\u000a\u0001")");
  EXPECT_EQ(json_string("gr\xC3\xBC\xC3\x9F"), "\"gr\xC3\xBC\xC3\x9F\"");
  EXPECT_EQ(json_string("\xFF\xC3"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(json_string("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"") << "a surrogate";
  EXPECT_EQ(json_string("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"") << "overlong";
}

TEST(JsonText, WritesObjectsAndNoNumberThatJsonHasNot) {
  EXPECT_EQ(JsonObject{}
                .add("a", "x")
                .add("b", 1.5)
                .add("c", std::nan(""))
                .add("d", true)
                .add("e", 7U)
                .add("f", std::optional<double>{})
                .text(),
            R"({"a":"x","b":1.5,"c":null,"d":true,"e":7,"f":null})");
  EXPECT_EQ(json_array(std::vector<int>{1, 2}, [](int each) { return std::to_string(each); }), "[1,2]");
}

}  // namespace
}  // namespace bellwether::paper
