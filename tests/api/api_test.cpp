// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <stop_token>
#include <string>

#include "api/api_routes.hpp"
#include "net/request_target.hpp"
#include "net/router.hpp"
#include "storage/store_fixture.hpp"

namespace bellwether::api {
namespace {

/// Asks the routes without a server.
class ApiTest : public storage::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open();
    for (const char* venue : {"cme", "ibkr"}) {
      const auto ref = series({{"__name__", "orders_total"}, {"venue", venue}});
      for (int i = 0; i <= 10; ++i) append(ref, noon - 100'000 + i * 10'000, i * 10.0);
    }
    append(series({{"__name__", "up"}, {"job", "desk"}}), noon - 5'000, 1);
    sources.store = store.get();
    sources.clock = &clock;
    sources.engine.clock = &clock;
  }

  struct Answer {
    int status = 0;
    std::string body;
    std::vector<net::Field> headers;

    std::string header(const std::string& name) const {
      for (const auto& [key, value] : headers) {
        if (key == name) return value;
      }
      return {};
    }
  };

  Answer ask(const std::string& method, const std::string& target, const std::string& form = {},
             std::vector<net::Field> headers = {}) {
    const auto router = net::Router::build(api_routes(sources).value()).value();
    const auto parsed = net::parse_request_target(target).value();
    net::Request request;
    request.method = method;
    request.path = parsed.path;
    request.query = parsed.query;
    request.body = form;
    request.headers = std::move(headers);
    request.stop = stop;
    if (!form.empty()) request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    const auto match = router.find(method, parsed.segments);
    if (match.handler == nullptr) return {404, match.allow, {}};
    request.parameters = match.parameters;
    net::Response response = (*match.handler)(request);
    Answer answer{response.status, {}, response.headers};
    if (auto* const text = std::get_if<std::string>(&response.body)) {
      answer.body = *text;
    } else {
      std::string chunk;
      while (std::get<std::unique_ptr<net::BodySource>>(response.body)->next(chunk)) {
        largest_chunk = std::max(largest_chunk, chunk.size());
        answer.body += chunk;
        chunk.clear();
      }
      answer.body += chunk;  // the last one
    }
    return answer;
  }
  std::string get(const std::string& target) { return ask("GET", "/api/v1/" + target).body; }

  ApiSources sources;
  std::stop_token stop;
  std::size_t largest_chunk = 0;
};

TEST_F(ApiTest, answers_an_instant_query) {
  EXPECT_EQ(get("query?query=up"),
            R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up","job":"desk"},)"
            R"("value":[1795176000,"1"]}]}})");
  EXPECT_EQ(get("query?query=1%2B1&time=5.5"),
            R"({"status":"success","data":{"resultType":"scalar","result":[5.500,"2"]}})");
  EXPECT_EQ(get("query?query=%22a%22&time=0"),
            R"({"status":"success","data":{"resultType":"string","result":[0,"a"]}})");
  EXPECT_EQ(get("query?query=nothing"), R"({"status":"success","data":{"resultType":"vector","result":[]}})");
  EXPECT_EQ(ask("POST", "/api/v1/query", "query=up&time=2026-11-20T12:00:00Z").body, get("query?query=up"));
  EXPECT_NE(get("query?query=up&stats=all").find("\"totalQueryableSamples\":"), std::string::npos);
  EXPECT_NE(get("query?query=orders_total&limit=1").find("results truncated due to limit"), std::string::npos);
}

TEST_F(ApiTest, answers_a_range_query) {
  EXPECT_EQ(get("query_range?query=orders_total{venue=\"cme\"}&start=1795175980&end=1795176000&step=10"),
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"orders_total",)"
            R"("venue":"cme"},"values":[[1795175980,"80"],[1795175990,"90"],[1795176000,"100"]]}]}})");
  EXPECT_EQ(
      get("query_range?query=1&start=0&end=10&step=10s"),
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[0,"1"],[10,"1"]]}]}})");
}

TEST_F(ApiTest, refuses_what_is_wrong_as_prometheus_does) {
  for (const char* target : {"query",
                             "query?query=",
                             "query?query=rate(up)",
                             "query?query=up&time=abc",
                             "query?query=up&timeout=x",
                             "query?query=up&limit=-1",
                             "query_range?query=up&start=1&end=0&step=1",
                             "query_range?query=up&start=1&end=2",
                             "query_range?query=up&start=1&end=2&step=0",
                             "query_range?query=up&start=0&end=11001&step=1",
                             "query_range?query=up[5m]&start=0&end=1&step=1",
                             "query_range?query=up&end=1&step=1",
                             "series",
                             "series?match[]=",
                             "series?match[]={}",
                             "series?match[]=up[5m]",
                             "labels?match[]=1",
                             "labels?start=x",
                             "labels?start=5&end=1",
                             "label/%FF/values",
                             "metadata?limit=x",
                             "query_exemplars",
                             "format_query?query=1%2B",
                             "parse_query"}) {
    const Answer answer = ask("GET", std::string("/api/v1/") + target);
    EXPECT_EQ(answer.status, 400) << target << answer.body;
    EXPECT_TRUE(answer.body.starts_with(R"({"status":"error","errorType":"bad_data","error":")"))
        << target << answer.body;
  }
  EXPECT_NE(get("query?query=rte(up)")
                .find(R"x(1:1: parse error: unknown function with name \"rte\" (did you mean \"rate\"?)"})x"),
            std::string::npos);
  // Two series on the "one" side: that shows only while it is worked out.
  const Answer answer = ask("GET", "/api/v1/query?query=orders_total*on()orders_total");
  EXPECT_EQ(answer.status, 422);
  EXPECT_TRUE(answer.body.starts_with(R"({"status":"error","errorType":"execution")")) << answer.body;
}

TEST_F(ApiTest, lists_series_and_labels) {
  EXPECT_EQ(get("series?match[]=up"), R"({"status":"success","data":[{"__name__":"up","job":"desk"}]})");
  EXPECT_EQ(get("series?match[]=up&match[]={job=\"desk\"}&match[]=orders_total"),
            R"({"status":"success","data":[{"__name__":"orders_total","venue":"cme"},)"
            R"({"__name__":"orders_total","venue":"ibkr"},{"__name__":"up","job":"desk"}]})");
  EXPECT_EQ(get("series?match[]=orders_total&limit=1"),
            R"({"status":"success","data":[{"__name__":"orders_total","venue":"cme"}],)"
            R"("warnings":["results truncated due to limit"]})");
  EXPECT_EQ(get("labels"), R"({"status":"success","data":["__name__","job","venue"]})");
  EXPECT_EQ(get("labels?match[]=up"), R"({"status":"success","data":["__name__","job"]})");
  EXPECT_EQ(get("label/venue/values"), R"({"status":"success","data":["cme","ibkr"]})");
  EXPECT_EQ(get("label/venue/values?match[]=up"), R"({"status":"success","data":[]})");
  EXPECT_EQ(get("label/__name__/values?limit=1"),
            R"({"status":"success","data":["orders_total"],"warnings":["results truncated due to limit"]})");
}

TEST_F(ApiTest, knows_metadata_and_exemplars) {
  scrape::MetadataStore metadata;
  scrape::ExemplarStore exemplars;
  const auto target = metadata.add_target({{"job", "desk"}});
  target->begin();
  target->set_type("orders_total", exposition::FamilyType::counter);
  target->set_help("orders_total", "Orders.");
  target->end();
  sources.metadata = &metadata;
  sources.exemplars = &exemplars;
  EXPECT_EQ(get("metadata"),
            R"({"status":"success","data":{"orders_total":[{"type":"counter","help":"Orders.","unit":""}]}})");
  EXPECT_EQ(get("metadata?metric=other"), R"({"status":"success","data":{}})");
  EXPECT_EQ(get("targets/metadata?match_target={job=\"desk\"}"),
            R"({"status":"success","data":[{"target":{"job":"desk"},"metric":"orders_total","type":"counter",)"
            R"("help":"Orders.","unit":""}]})");
  EXPECT_EQ(get("targets/metadata?match_target={job=\"other\"}"), R"({"status":"success","data":[]})");
  EXPECT_EQ(get("query_exemplars?query=rate(orders_total[5m])&start=0&end=1"), R"({"status":"success","data":[]})");
}

TEST_F(ApiTest, formats_and_parses_queries) {
  EXPECT_EQ(get("format_query?query=sum(up)by(job)"), R"x({"status":"success","data":"sum by (job) (up)"})x");
  EXPECT_EQ(get("parse_query?query=up%2B1"),
            R"({"status":"success","data":{"type":"binaryExpr","op":"+","bool":false,"lhs":{"type":"vectorSelector",)"
            R"("name":"up","matchers":[{"name":"__name__","value":"up","type":"="}],"offset":0,"timestamp":null,)"
            R"("startOrEnd":null},"rhs":{"type":"numberLiteral","val":"1"},"matching":null}})");
}

TEST_F(ApiTest, tells_its_state) {
  sources.flags = {{"web.enable-admin-api", "false"}};
  sources.config_yaml = [] { return std::string("global: {}\n"); };
  EXPECT_EQ(get("status/flags"), R"({"status":"success","data":{"web.enable-admin-api":"false"}})");
  EXPECT_EQ(get("status/config"), R"({"status":"success","data":{"yaml":"global: {}\n"}})");
  EXPECT_EQ(get("rules"), R"({"status":"success","data":{"groups":[]}})");
  EXPECT_EQ(get("alerts"), R"({"status":"success","data":{"alerts":[]}})");
  EXPECT_NE(get("status/tsdb").find(R"("seriesCountByMetricName":[{"name":"orders_total","value":2})"),
            std::string::npos)
      << get("status/tsdb");
  EXPECT_EQ(ask("GET", "/-/ready").status, 200);
  sources.ready = [] { return false; };
  EXPECT_EQ(ask("GET", "/-/ready").status, 503);
  EXPECT_EQ(ask("GET", "/-/healthy").status, 200);
}

TEST_F(ApiTest, takes_a_snapshot_only_where_that_is_allowed) {
  EXPECT_EQ(ask("POST", "/api/v1/admin/tsdb/snapshot").status, 503);
  sources.admin = true;
  sources.snapshot_directory = directory + "/snapshots";
  EXPECT_EQ(ask("GET", "/api/v1/admin/tsdb/snapshot").status, 404) << "no such method";
  EXPECT_EQ(ask("POST", "/api/v1/admin/tsdb/snapshot").status, 200);
  EXPECT_EQ(ask("POST", "/api/v1/admin/tsdb/clean_tombstones").status, 204);
}

TEST_F(ApiTest, deletes_series_only_where_that_is_allowed_and_for_good) {
  const auto values = [&](const char* query) {
    const std::string body = get(std::string("query?query=") + query);
    return body.substr(body.find("\"result\":"));
  };
  const std::string remove = "/api/v1/admin/tsdb/delete_series?match[]=orders_total%7Bvenue%3D%22cme%22%7D";
  EXPECT_EQ(ask("POST", remove).status, 503);
  sources.admin = true;
  EXPECT_EQ(ask("POST", "/api/v1/admin/tsdb/delete_series").status, 400);
  EXPECT_EQ(ask("POST", remove + "&start=5&end=1").status, 400);
  // The first half of the ten, then all.
  EXPECT_EQ(ask("PUT", remove + "&end=" + std::to_string((noon - 51'000) / 1000)).status, 204);
  const char* count = "sum(count_over_time(orders_total%5B1h%5D))by(venue)";
  EXPECT_NE(values(count).find(R"({"metric":{"venue":"cme"},"value":[1795176000,"6"]})"), std::string::npos);
  EXPECT_NE(values(count).find(R"({"metric":{"venue":"ibkr"},"value":[1795176000,"11"]})"), std::string::npos);
  EXPECT_EQ(ask("POST", remove).status, 204);
  EXPECT_EQ(values(count), R"("result":[{"metric":{"venue":"ibkr"},"value":[1795176000,"11"]}]}})");
  // Samples that come later show; what was deleted stays so over a start.
  append(series({{"__name__", "orders_total"}, {"venue", "cme"}}), noon + 1'000, 7);
  open();
  sources.store = store.get();
  clock.advance(std::chrono::seconds{2});
  EXPECT_NE(values(count).find(R"({"metric":{"venue":"cme"},"value":[1795176002,"1"]})"), std::string::npos);
}

TEST_F(ApiTest, writes_a_large_answer_in_small_parts) {
  largest_chunk = 0;
  const std::string wide =
      "query_range?query=vector(1)%20or%20orders_total&step=1s&start=" + std::to_string(noon / 1000 - 10'000) +
      "&end=" + std::to_string(noon / 1000);
  EXPECT_GT(get(wide).size(), 150'000U);
  EXPECT_GT(largest_chunk, 0U);
  EXPECT_LT(largest_chunk, 80'000U);
}

/// Lets the client go away when the query looks at the time for the n-th time.
class LeavingClock final : public Clock {
 public:
  LeavingClock(const Clock& of, std::stop_source& client, int looks) : of_(of), client_(client), left_(looks) {}
  std::chrono::nanoseconds wall() const noexcept override { return of_.wall(); }
  std::chrono::nanoseconds monotonic() const noexcept override {
    if (--left_ == 0) client_.request_stop();
    return of_.monotonic();
  }
  int looks_after() const { return -left_; }

 private:
  const Clock& of_;
  std::stop_source& client_;
  mutable int left_;
};

TEST_F(ApiTest, gives_a_query_up_when_its_client_goes_away) {
  for (int i = 0; i < 500; ++i) {
    append(series({{"__name__", "many"}, {"i", std::to_string(i)}}), noon - 1'000, i);
  }
  std::stop_source client;
  const LeavingClock leaving(clock, client, 3);  // the deadline is set, the first series are read
  sources.engine.clock = &leaving;
  stop = client.get_token();
  const Answer answer = ask("GET", "/api/v1/query?query=sum(rate(many%5B5m%5D))");
  EXPECT_EQ(answer.status, 499) << answer.body;
  EXPECT_NE(answer.body.find("canceled"), std::string::npos) << answer.body;
  EXPECT_LT(leaving.looks_after(), 3) << "500 series would have been some 30 looks";
}

TEST_F(ApiTest, lets_pages_of_allowed_origins_ask) {
  EXPECT_EQ(ask("GET", "/api/v1/labels", "", {{"Origin", "http://a"}}).header("Access-Control-Allow-Origin"), "");
  sources.cors_origin = "http://(a|b)";
  EXPECT_EQ(ask("GET", "/api/v1/labels", "", {{"Origin", "http://a"}}).header("Access-Control-Allow-Origin"),
            "http://a");
  EXPECT_EQ(ask("GET", "/api/v1/labels", "", {{"Origin", "http://ab"}}).header("Access-Control-Allow-Origin"), "");
  EXPECT_EQ(ask("OPTIONS", "/api/v1/query", "", {{"Origin", "http://b"}}).status, 204);
  sources.cors_origin = ".*";
  EXPECT_EQ(ask("GET", "/api/v1/labels", "", {{"Origin", "http://c"}}).header("Access-Control-Allow-Origin"), "*");
  sources.cors_origin = "(";
  EXPECT_FALSE(api_routes(sources));
}

TEST_F(ApiTest, compresses_for_who_takes_it) {
  const Answer answer = ask("GET", "/api/v1/query?query=orders_total", "", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(answer.header("Content-Encoding"), "gzip");
  EXPECT_TRUE(answer.body.starts_with("\x1f\x8b"));
}

}  // namespace
}  // namespace bellwether::api
