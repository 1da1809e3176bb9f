// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// API v2 as its users use it: Debian's amtool, a Prometheus that sends its alerts here, and alerts that go to an Alertmanager.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "api/v2/notifier_sources.hpp"
#include "api/v2/v2_routes.hpp"
#include "config/alertmanager/notifier_config.hpp"
#include "exporter/child_process.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "notify/forward/forwarder.hpp"
#include "notify/notifier.hpp"
#include "notify/silences.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

using namespace std::chrono_literals;
using test::ChildProcess;
using test::TemporaryFolder;

constexpr const char* rules_file = R"(groups:
- name: g
  interval: 1s
  rules:
  - alert: FromPrometheus
    expr: vector(1)
    labels: {severity: P2, "team": fx}
    annotations: {summary: "it is {{ $value }}"}
)";
constexpr const char* notifier_file = R"(route: {receiver: default, group_by: [alertname], group_wait: 1h}
receivers: [{name: default}]
)";

template <typename Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(50ms);
  }
  return true;
}

class WithRealPrograms : public ::testing::Test {
 protected:
  void SetUp() override {
    auto config = config::read_notifier_config_text(notifier_file, "alertmanager.yml").config;
    ASSERT_TRUE(config);
    notify::NotifierOptions options;
    options.directory = folder_.path("data");
    notify::NotifierSetup setup;
    setup.config = *config;
    setup.receivers["default"] = {};
    auto notifier = notify::Notifier::start(std::move(options), std::move(setup));
    ASSERT_TRUE(notifier) << notifier.error().message;
    notifier_ = std::move(*notifier);
    V2Sources sources;
    take_notifier(sources, *notifier_);
    sources.silences = &notifier_->silences();
    sources.config_yaml = [yaml = config::to_yaml(*config)] { return yaml; };
    sources.receivers = [] { return std::vector<std::string>{"default"}; };
    server_ = net::HttpServer::start({}, v2_routes(std::move(sources)).value()).value();
  }
  void TearDown() override {
    if (server_) server_->stop();
    if (notifier_) notifier_->stop();
  }

  std::string amtool(std::vector<std::string> arguments, int expected = 0) {
    return amtool_at(server_->url(), std::move(arguments), expected);
  }
  std::string amtool_at(const std::string& url, std::vector<std::string> arguments, int expected = 0) {
    std::vector<std::string> all{AMTOOL_PROGRAM, "--alertmanager.url=" + url, "--no-version-check"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    int status = -1;
    std::string out = test::output_of(all, "", status);
    EXPECT_EQ(status, expected) << out;
    return out;
  }
  static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

  std::unique_ptr<ChildProcess> alertmanager(std::uint16_t port) {
    folder_.write("am.yml", notifier_file);
    return std::make_unique<ChildProcess>(
        std::vector<std::string>{"setpriv", "--pdeathsig", "KILL", ALERTMANAGER_PROGRAM,
                                 "--config.file=" + folder_.path("am.yml"), "--storage.path=" + folder_.path("am"),
                                 "--cluster.listen-address=", "--web.listen-address=127.0.0.1:" + std::to_string(port)},
        folder_.path("am.log"));
  }

  TemporaryFolder folder_;
  std::unique_ptr<notify::Notifier> notifier_;
  std::unique_ptr<net::HttpServer> server_;
};

TEST_F(WithRealPrograms, amtool_raises_and_lists_alerts) {
  amtool({"alert", "add", "Drill", "team=fx", "--annotation=summary=a drill", "--generator-url=http://g/x"});
  EXPECT_TRUE(has(amtool({"alert", "query"}), "a drill"));
  EXPECT_TRUE(has(amtool({"alert", "query", "Drill"}), "active"));
  EXPECT_TRUE(has(amtool({"alert", "query", "team=~f.", "-o", "extended"}), R"(team="fx")"));
  EXPECT_TRUE(has(amtool({"alert", "query", "team=~f.", "-o", "json"}), R"("alertname":"Drill")"));
  EXPECT_FALSE(has(amtool({"alert", "query", "team=bonds"}), "Drill"));
  EXPECT_TRUE(has(amtool({"alert", "query", "--receiver=default"}), "Drill"));
  EXPECT_FALSE(has(amtool({"alert", "query", "--receiver=other"}), "Drill"));
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::system().wall()).count();
  rules::Alert ended = notifier_->alerts().at(0).alert;
  ended.ends_ms = now;
  ASSERT_TRUE(notifier_->post(std::vector<rules::Alert>{ended}));
  EXPECT_FALSE(has(amtool({"alert", "query"}), "Drill")) << "what has ended is not listed";
}

TEST_F(WithRealPrograms, amtool_makes_changes_and_ends_silences) {
  amtool({"alert", "add", "Drill", "team=fx"});
  std::string id =
      amtool({"silence", "add", "Drill", "team=~f.", "--comment=planned", "--author=ann", "--duration=2h"});
  while (id.ends_with('\n')) id.pop_back();
  ASSERT_EQ(id.size(), 36U) << id;
  const std::string listed = amtool({"silence", "query"});
  EXPECT_TRUE(has(listed, id)) << listed;
  EXPECT_TRUE(has(listed, "planned"));
  EXPECT_TRUE(has(amtool({"silence", "query", "alertname=Drill", "-q"}), id));
  EXPECT_FALSE(has(amtool({"alert", "query"}), "Drill"));
  EXPECT_TRUE(has(amtool({"alert", "query", "--silenced"}), "suppressed"));
  const std::string updated = amtool({"silence", "update", "--comment=longer", "--duration=4h", id});
  EXPECT_TRUE(has(amtool({"silence", "query"}), "longer")) << updated;
  amtool({"silence", "expire", id});
  EXPECT_TRUE(has(amtool({"alert", "query"}), "Drill"));
  EXPECT_TRUE(has(amtool({"silence", "query", "--expired"}), id));
  amtool({"silence", "expire", "8fe2b0ae-0d0b-4a35-8f2a-5d16f9b8a9a1"}, 1);
  amtool({"silence", "add", "team=~.*", "--comment=would match all"}, 1);
}

TEST_F(WithRealPrograms, amtool_exports_and_imports_silences) {
  amtool({"silence", "add", "A", "--comment=one"});
  amtool({"silence", "add", "B", "venue!=x", "--comment=two"});
  folder_.write("silences.json", amtool({"silence", "query", "-o", "json"}));
  notify::Silences& silences = notifier_->silences();
  for (const notify::Silence& one : silences.all()) ASSERT_TRUE(silences.expire(one.id));
  amtool({"silence", "import", "--force", folder_.path("silences.json")});
  const std::string listed = amtool({"silence", "query"});
  EXPECT_TRUE(has(listed, "one")) << listed;
  EXPECT_TRUE(has(listed, "venue!=\"x\"")) << listed;
}

TEST_F(WithRealPrograms, amtool_shows_configuration_and_cluster) {
  EXPECT_TRUE(has(amtool({"config", "show"}), "receiver: "));
  EXPECT_TRUE(has(amtool({"config", "routes", "show"}), "default"));
  EXPECT_TRUE(has(amtool({"config", "routes", "test", "team=fx"}), "default"));
  EXPECT_TRUE(has(amtool({"cluster", "show"}), "disabled"));
}

TEST_F(WithRealPrograms, a_prometheus_sends_its_alerts_here) {
  folder_.write("rules.yml", rules_file);
  folder_.write("prometheus.yml",
                "global: {evaluation_interval: 1s}\nrule_files: [rules.yml]\nalerting:\n  alertmanagers:\n"
                "  - static_configs: [{targets: ['127.0.0.1:" +
                    std::to_string(server_->port()) + "']}]\n");
  ChildProcess prometheus(
      {"setpriv", "--pdeathsig", "KILL", PROMETHEUS_PROGRAM, "--config.file=" + folder_.path("prometheus.yml"),
       "--storage.tsdb.path=" + folder_.path("tsdb"), "--rules.alert.resend-delay=1s",
       "--web.listen-address=127.0.0.1:" + std::to_string(test::free_port())},
      folder_.path("log"));
  ASSERT_TRUE(eventually([&] { return !notifier_->alerts().empty(); })) << test::file_text(folder_.path("log"));
  const rules::Alert alert = notifier_->alerts().at(0).alert;
  EXPECT_EQ(alert.labels, (rules::AlertLabels{{"alertname", "FromPrometheus"}, {"severity", "P2"}, {"team", "fx"}}));
  EXPECT_EQ(alert.annotations, (rules::AlertLabels{{"summary", "it is 1"}}));
  EXPECT_TRUE(alert.generator_url.starts_with("http://")) << alert.generator_url;
  EXPECT_GT(alert.ends_ms, alert.starts_ms);
  EXPECT_FALSE(has(test::file_text(folder_.path("log")), "Error sending alert"))
      << test::file_text(folder_.path("log"));
}

TEST_F(WithRealPrograms, alerts_reach_a_real_alertmanager_also_one_that_was_down) {
  const std::uint16_t port = test::free_port();
  net::HttpClient client;
  notify::ForwarderOptions options;
  options.transport = &client;
  options.first_pause = 50ms;
  options.longest_pause = 500ms;
  notify::Forwarder forwarder(std::move(options));
  config::AlertingConfig alerting;
  alerting.alertmanagers.resize(1);
  alerting.alertmanagers[0].discovery.static_configs = {{{"127.0.0.1:" + std::to_string(port)}, {}}};
  ASSERT_TRUE(forwarder.apply(alerting, {{"desk", "fx"}}));
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::system().wall()).count();
  rules::Alert alert;
  alert.labels = {{"alertname", "Forwarded"}, {"note", "\"é\""}};
  alert.annotations = {{"summary", "sent on"}};
  alert.starts_ms = now;
  alert.ends_ms = now + 240'000;
  alert.generator_url = "http://127.0.0.1:9090/graph?g0.expr=up";
  forwarder.post({alert});  // nobody listens yet
  const auto theirs = alertmanager(port);
  const std::string url = "http://127.0.0.1:" + std::to_string(port);
  ASSERT_TRUE(eventually([&] { return forwarder.queued() == 0; })) << test::file_text(folder_.path("am.log"));
  const std::string listed = amtool_at(url, {"alert", "query", "-o", "json"});
  EXPECT_TRUE(has(listed, R"("alertname":"Forwarded")")) << listed;
  EXPECT_TRUE(has(listed, R"("desk":"fx")")) << listed;
  EXPECT_TRUE(has(listed, "sent on"));
  EXPECT_TRUE(has(listed, rules::fingerprint_text({{"alertname", "Forwarded"}, {"desk", "fx"}, {"note", "\"é\""}})))
      << "our fingerprints are theirs";
  alert.ends_ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::system().wall()).count();
  forwarder.post({alert});
  EXPECT_TRUE(eventually([&] { return !has(amtool_at(url, {"alert", "query", "-o", "json"}), "Forwarded"); }));
}

}  // namespace
}  // namespace api
BELLWETHER_NAMESPACE_END
