// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The API beside that of Debian's Prometheus: both scrape the same target, then the answers have the same structure. The
// calls are those of Grafana's Prometheus source, and promtool's.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "api/api_routes.hpp"
#include "exporter/child_process.hpp"
#include "net/http_server.hpp"
#include "net/test_client.hpp"
#include "scrape/scrape_manager.hpp"
#include "storage/series_store.hpp"

namespace bellwether::api {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using test::ChildProcess;
using test::TemporaryFolder;
using test::TestClient;

template <typename Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(50ms);
  }
  return true;
}

std::string encoded(std::string_view text) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte >> 4U], digits[byte & 15U]};
  }
  return out;
}

/// The types of a value's parts: keys of objects, the first of an array. Labels and the like are free to differ.
std::string shape(const json::value& value, const std::string& path = {}) {
  static const std::set<std::string> maps{"metric", "labels", "discoveredLabels", "target", "droppedTargetCounts"};
  if (value.is_object()) {
    std::set<std::string> members;
    for (const auto& [key, member] : value.as_object()) {
      members.insert(std::string(key) + ':' + (maps.contains(key) ? "map" : shape(member, key)));
    }
    std::string out = "{";
    for (const std::string& member : members) out += member + ' ';
    return out + '}';
  }
  if (value.is_array()) {
    const json::array& array = value.as_array();
    if (array.empty()) return "[]";
    // [time, value] has parts; else all members are of one shape.
    if (array.size() == 2 && array[0].is_number()) return "[number " + shape(array[1]) + ']';
    return '[' + shape(array[0], path) + ']';
  }
  return value.is_string() ? "string" : value.is_bool() ? "bool" : value.is_null() ? "null" : "number";
}

class BesidePrometheus : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::uint16_t port = test::free_port();
    theirs_port = port;
    const std::string config =
        "global: {scrape_interval: 200ms, scrape_timeout: 200ms}\n"
        "scrape_configs:\n- job_name: prometheus\n  static_configs:\n  - targets: ['127.0.0.1:" +
        std::to_string(port) + "']\n";
    folder.write("prometheus.yml", config);
    process = std::make_unique<ChildProcess>(
        std::vector<std::string>{
            "setpriv", "--pdeathsig", "KILL", PROMETHEUS_PROGRAM, "--config.file=" + folder.path("prometheus.yml"),
            "--storage.tsdb.path=" + folder.path("theirs"), "--web.listen-address=127.0.0.1:" + std::to_string(port)},
        folder.path("log"));
    storage::StoreOptions options;
    options.directory = folder.path("ours");
    options.full_sync = false;
    store = storage::SeriesStore::open(options).value();
    scrape = std::make_unique<scrape::ScrapeManager>(*store, scrape::ScrapeOptions{});
    const auto parsed = config::parse_prometheus_config(config, "prometheus.yml");
    ASSERT_TRUE(parsed) << parsed.error().message;
    ASSERT_TRUE(scrape->apply(*parsed));
    ApiSources sources;
    sources.store = store.get();
    sources.targets = [this] { return scrape->targets(); };
    sources.metadata = &scrape->metadata();
    sources.exemplars = &scrape->exemplars();
    sources.config_yaml = [parsed] { return config::to_yaml(*parsed); };
    sources.cors_origin = ".*";
    server = net::HttpServer::start({}, api_routes(std::move(sources)).value()).value();
    ASSERT_TRUE(eventually([&] { return TestClient(port).get("/-/ready").status == 200; }))
        << test::file_text(folder.path("log"));
    const std::string query = "/api/v1/query?query=" + encoded("count_over_time(up[1m]) > 5");
    for (const std::uint16_t one : {port, server->port()}) {
      ASSERT_TRUE(eventually([&] { return TestClient(one).get(query).body.find("metric") != std::string::npos; }))
          << one;
    }
  }
  void TearDown() override {
    if (server) server->stop();
    if (scrape) scrape->stop();
  }

  static json::value parsed(const test::ClientResponse& response) {
    boost::system::error_code error;
    json::value value = json::parse(response.body, error);
    EXPECT_FALSE(error) << response.body.substr(0, 300);
    return value;
  }

  void compare(const std::string& target) {
    const auto theirs = TestClient(theirs_port).get(target);
    const auto ours = TestClient(server->port()).get(target);
    EXPECT_EQ(ours.status, theirs.status) << target << '\n' << ours.body.substr(0, 300);
    EXPECT_EQ(ours.headers.at("content-type"), theirs.headers.at("content-type")) << target;
    EXPECT_EQ(shape(parsed(ours)), shape(parsed(theirs))) << target << '\n' << ours.body.substr(0, 500);
    if (theirs.status != 200) {
      EXPECT_EQ(parsed(ours).at("errorType"), parsed(theirs).at("errorType")) << target;
    }
  }

  TemporaryFolder folder;
  std::uint16_t theirs_port = 0;
  std::unique_ptr<ChildProcess> process;
  std::unique_ptr<storage::SeriesStore> store;
  std::unique_ptr<scrape::ScrapeManager> scrape;
  std::unique_ptr<net::HttpServer> server;
};

TEST_F(BesidePrometheus, answers_with_the_same_structure) {
  const std::string now =
      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(Clock::system().wall()).count());
  const std::string span =
      "&start=" + std::to_string(std::stoll(now) - 59) + "&end=" + std::to_string(std::stoll(now) + 1) + "&step=15";
  // What Grafana's Prometheus source calls: health, browsing labels, metadata, panels, exemplars, annotations.
  for (const std::string& target : std::initializer_list<std::string>{
           "query?query=" + encoded("1+1") + "&time=" + now,
           "query?query=up&time=" + now,
           std::string("status/buildinfo"),
           std::string("labels"),
           std::string("label/__name__/values"),
           "labels?match[]=" + encoded("up{job=\"prometheus\"}"),
           "label/job/values?match[]=" + encoded("{__name__=~\"up|go_.*\"}"),
           "series?match[]=" + encoded("{__name__=\"up\"}"),
           std::string("metadata?metric=go_goroutines"),
           "query_range?query=" + encoded("rate(prometheus_http_requests_total[30s])") + span,
           "query_range?query=" +
               encoded("histogram_quantile(0.9, sum by (le) "
                       "(rate(prometheus_http_request_duration_seconds_bucket[30s])))") +
               span,
           "query?query=" + encoded("up[10s]") + "&time=" + now,
           "query?query=" + encoded("\"text\""),
           "query_exemplars?query=up" + span,
           std::string("format_query?query=up"),
           std::string("rules"),
           std::string("alerts"),
           std::string("alertmanagers"),
           std::string("status/config"),
           std::string("targets/metadata?metric=go_goroutines"),
           "query?query=nothing_at_all",
           "query?query=up&stats=all"}) {
    compare("/api/v1/" + target);
  }
  for (const std::string& wrong : std::initializer_list<std::string>{
           std::string("query"), "query?query=" + encoded("rate(up)"), std::string("query?query=up&time=abc"),
           std::string("query_range?query=up&start=5&end=1&step=1"),
           std::string("query_range?query=up&start=1&end=2&step=0"),
           std::string("query_range?query=up&start=0&end=1000000&step=1"), std::string("series"),
           "query?query=" + encoded("prometheus_http_requests_total * on () prometheus_http_requests_total"),
           std::string("query?query=up&timeout=x")}) {
    compare("/api/v1/" + wrong);
  }
  EXPECT_EQ(TestClient(server->port()).get("/api/v1/nothing").status, 404);
}

TEST_F(BesidePrometheus, describes_its_targets) {
  const json::value ours = parsed(TestClient(server->port()).get("/api/v1/targets"));
  const json::value theirs = parsed(TestClient(theirs_port).get("/api/v1/targets"));
  EXPECT_EQ(shape(ours.at("data").at("activeTargets")), shape(theirs.at("data").at("activeTargets")));
  EXPECT_EQ(ours.at("data").at("activeTargets").at(0).at("labels"),
            theirs.at("data").at("activeTargets").at(0).at("labels"));
  EXPECT_EQ(ours.at("data").at("activeTargets").at(0).at("health"), "up");
}

TEST_F(BesidePrometheus, answers_promtool) {
  const auto ask = [&](std::vector<std::string> arguments, std::uint16_t port) {
    for (std::string& argument : arguments) {
      if (argument == "URL") argument = "http://127.0.0.1:" + std::to_string(port);
    }
    arguments.insert(arguments.begin(), {PROMTOOL_PROGRAM, "query"});
    int status = -1;
    const std::string output = test::output_of(arguments, "", status);
    EXPECT_EQ(status, 0) << output;
    return output;
  };
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"instant", "--time=2001-09-09T01:46:40Z", "URL", "vector(1) + 0.5"},
           {"instant", "--time=1000000000", "URL", "1 / 3"},
           {"range", "--start=1000000000", "--end=1000000030", "--step=15s", "URL", "vector(time())"},
           {"labels", "URL", "job"},
           {"series", "--match=up", "URL"}}) {
    const std::string ours = ask(arguments, server->port());
    EXPECT_EQ(ours, ask(arguments, theirs_port));
    EXPECT_FALSE(ours.empty());
  }
}

TEST_F(BesidePrometheus, formats_queries_alike) {
  for (const char* query :
       {"sum(rate(x{b='2',a=\"1\"}[60s]))by(venue)", "-x^2", "topk(3,x)by(a)", "a*on()group_left()b", "x offset -90s",
        "1000000", "x[5m:] @ end() offset 1m", "sum without() (x)", "foo == bool 1", "{__name__='x'}", "0x1F", "1e-5",
        "sum by (venue, strategy) (rate(orders_total{environment=\"production\",region=\"europe\"}[5m])) / on (venue) "
        "group_left (name) -max without (instance) (venue_information{environment=\"production\", region=\"europe\"})",
        "histogram_quantile(0.99, sum by (le, venue, strategy, side) (rate(order_latency_seconds_bucket{environment="
        "\"production\",region=\"europe\"}[5m]))) > bool 0.5 and topk by (venue) (5, (orders_total{a=\"1\"} offset "
        "1h))",
        "label_replace(some_rather_long_metric_name_total{environment=\"production\"}, \"destination\", \"$1\", "
        "\"source_label\", \"(.*)-with-a-long-regular-expression\")"}) {
    const std::string target = "/api/v1/format_query?query=" + encoded(query);
    EXPECT_EQ(parsed(TestClient(server->port()).get(target)), parsed(TestClient(theirs_port).get(target))) << query;
  }
}

}  // namespace
}  // namespace bellwether::api
