// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/target.hpp"

#include <gtest/gtest.h>

#include "config/prometheus/prometheus_config.hpp"
#include "scrape/client_request.hpp"

namespace bellwether::scrape {
namespace {

using config::Labels;

TargetSet built(const std::string& job_yaml, std::vector<DiscoveredGroup> more = {}) {
  auto config = config::parse_prometheus_config("scrape_configs:\n- {job_name: desk, " + job_yaml + "}\n", "p.yml");
  EXPECT_TRUE(config) << config.error().message;
  if (!config) return {};
  auto job = std::make_shared<const config::ScrapeConfig>(config->scrape_configs[0]);
  std::vector<DiscoveredGroup> groups = static_groups(job->discovery.static_configs);
  groups.insert(groups.end(), more.begin(), more.end());
  return TargetBuilder(job).build(groups);
}

Target only(const TargetSet& set) {
  EXPECT_EQ(set.targets.size(), 1U);
  EXPECT_TRUE(set.problems.empty()) << set.problems[0];
  return set.targets.empty() ? Target{} : set.targets[0];
}

TEST(Target, HasPrometheusLabelsAndUrl) {
  const Target target =
      only(built("scrape_interval: 1s, params: {b: [\"x y\", z], a: [\"ü&\"]}, metrics_path: \"m/$a b?\", "
                 "static_configs: [{targets: [\"localhost:8000\"], labels: {venue: ibkr, __meta_x: y}}]"));
  EXPECT_EQ(target.labels, (Labels{{"instance", "localhost:8000"}, {"job", "desk"}, {"venue", "ibkr"}}));
  EXPECT_EQ(target.url, "http://localhost:8000/m/$a%20b%3F?a=%C3%BC%26&b=x+y&b=z");
  EXPECT_EQ(target.discovered, (Labels{{"__address__", "localhost:8000"},
                                       {"__meta_x", "y"},
                                       {"__metrics_path__", "m/$a b?"},
                                       {"__param_a", "ü&"},
                                       {"__param_b", "x y"},
                                       {"__scheme__", "http"},
                                       {"__scrape_interval__", "1s"},
                                       {"__scrape_timeout__", "1s"},
                                       {"job", "desk"},
                                       {"venue", "ibkr"}}));
  EXPECT_EQ(target.interval.count(), 1000);
}

TEST(Target, LabelsDecideWhatIsAskedAndHowOften) {
  const Target target =
      only(built(R"(params: {module: [a, b]}, static_configs: [{targets: [a, ], labels: {job: other, instance: me,
    __scheme__: https, __metrics_path__: /x, __scrape_interval__: 2s, __scrape_timeout__: 50ms, __param_module: c, __param_new: d}}])"));
  EXPECT_EQ(target.url, "https://a/x?module=c&module=b&new=d");
  EXPECT_EQ(target.labels, (Labels{{"instance", "me"}, {"job", "other"}}));
  EXPECT_EQ(target.interval.count(), 2000);
  EXPECT_EQ(target.timeout.count(), 50);
}

TEST(Target, IsAskedThroughAnother) {
  const Target target = only(built(R"(static_configs: [{targets: [site]}], metrics_path: /probe, relabel_configs: [
    {source_labels: [__address__], target_label: __param_target}, {source_labels: [__param_target], target_label: instance},
    {target_label: __address__, replacement: "blackbox:9115"}])"));
  EXPECT_EQ(target.url, "http://blackbox:9115/probe?target=site");
  EXPECT_EQ(target.labels.at("instance"), "site");
}

TEST(Target, ThatCannotBeIsAProblemOfItsOwn) {
  const auto problem = [](const Labels& labels, const std::string& address = "good:1") {
    const TargetSet set = built("scrape_interval: 1s", {{"sd", {{address, "fine:1"}, labels}}});
    return set.problems.empty() ? "" : set.problems[0];
  };
  EXPECT_EQ(problem({}), "");
  EXPECT_EQ(problem({}, ""), "job desk, sd, target 1: the address is empty: write host:port");
  EXPECT_NE(problem({}, "http://x:1/y").find("is a URL"), std::string::npos);
  EXPECT_NE(problem({}, "a b").find("not host:port"), std::string::npos);
  EXPECT_NE(problem({}, "user@host").find("not host:port"), std::string::npos);
  EXPECT_NE(problem({{"__scheme__", "ftp"}}).find("must be http or https"), std::string::npos);
  EXPECT_NE(problem({{"__scrape_interval__", "1"}}).find("not a duration"), std::string::npos);
  EXPECT_NE(problem({{"__scrape_interval__", "1ms"}}).find("below 50ms"), std::string::npos);
  EXPECT_NE(problem({{"__scrape_timeout__", "2s"}}).find("longer than"), std::string::npos);
  EXPECT_NE(problem({{"__scrape_timeout__", "0s"}}).find("above 0"), std::string::npos);
  EXPECT_EQ(built("scrape_interval: 1s", {{"sd", {{"a b", "fine:1"}, {}}}}).targets.size(), 1U);
}

TEST(Target, DroppedOnesAreKeptToBeShown) {
  const std::string drop =
      R"(static_configs: [{targets: [a, b, c, d]}], relabel_configs: [{source_labels: [__address__], regex: a, action: keep}])";
  const TargetSet all = built(drop);
  EXPECT_EQ(all.targets.size(), 1U);
  ASSERT_EQ(all.dropped.size(), 3U);
  EXPECT_EQ(all.dropped[0].discovered.at("__address__"), "b");
  const TargetSet some = built(drop + ", keep_dropped_targets: 2");
  EXPECT_EQ(some.dropped.size(), 2U);
  EXPECT_EQ(some.dropped_count, 3U);
}

TEST(Target, IsNotThereTwiceAndNotBeyondTheLimit) {
  const TargetSet set =
      built("static_configs: [{targets: [a, b, a]}, {targets: [b]}, {targets: [b], labels: {x: y}}], target_limit: 2");
  EXPECT_EQ(set.targets.size(), 3U);
  EXPECT_EQ(set.limit_error, "target_limit exceeded (number of targets: 3, limit: 2)");
  EXPECT_EQ(built("static_configs: [{targets: [a, b]}], target_limit: 2").limit_error, "");
}

TEST(Target, HashSpreadsNeighbours) {
  std::vector<DiscoveredGroup> groups{{"sd", {}}};
  for (int port = 0; port < 1000; ++port) groups[0].group.targets.push_back("host:" + std::to_string(9000 + port));
  std::vector<int> tenths(10);
  for (const Target& target : built("scrape_interval: 1s", groups).targets) ++tenths[target.hash() % 10];
  for (const int tenth : tenths) EXPECT_NEAR(tenth, 100, 50);
}

TEST(ClientRequest, SaysWhoWeAreAndGoesWhereItShould) {
  config::HttpClientConfig client;
  client.basic_auth = config::BasicAuth{.username = "Aladdin", .password = config::Secret("open sesame")};
  client.http_headers = {{.name = "X-A", .values = {"1", "2"}, .secrets = {config::Secret("3")}}};
  client.proxy_url = config::Secret("http://proxy:1");
  client.no_proxy = "inside.example, 10.0.0.0/8";
  const auto request = make_request(client, "http://outside.example/x");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->headers,
            (std::vector<net::Field>{
                {"Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}, {"X-A", "1"}, {"X-A", "2"}, {"X-A", "3"}}));
  EXPECT_EQ(request->proxy, "http://proxy:1");
  EXPECT_EQ(make_request(client, "http://a.inside.example:8080/x")->proxy, "");
  EXPECT_EQ(make_request(client, "http://10.1.2.3/x")->proxy, "");
  EXPECT_EQ(make_request({}, "http://x")->proxy, "") << "the environment counts only where it is asked";
  client.basic_auth->password_file = "/nonexistent/password";
  EXPECT_EQ(
      make_request(client, "http://x").error().message.rfind("cannot read password_file /nonexistent/password: ", 0),
      0U);
}

TEST(ClientRequest, KnowsWhomNoProxyMeans) {
  const std::vector<std::tuple<std::string, std::string, bool>> cases{{"*", "x", true},
                                                                      {"example", "example", true},
                                                                      {"example", "a.example", true},
                                                                      {".example", "example", false},
                                                                      {".example", "a.example", true},
                                                                      {"*.example", "a.example", true},
                                                                      {"example", "anexample", false},
                                                                      {"x:80", "x", true},
                                                                      {"x:81", "x", false},
                                                                      {"::1", "::1", true},
                                                                      {"fd00::/8", "fd12::1", true},
                                                                      {"10.0.0.0/33", "10.0.0.1", false},
                                                                      {"10.0.0.0/", "10.0.0.1", false},
                                                                      {"", "x", false},
                                                                      {" , ,x", "x", true}};
  for (const auto& [list, host, expected] : cases)
    EXPECT_EQ(bypasses_proxy(list, host, "80"), expected) << list << " " << host;
}

}  // namespace
}  // namespace bellwether::scrape
