// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The whole monitor in this process, on loopback and the machine's clock: what it watches is an exporter of ours.
#include "monitor/monitor.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <bellwether/exporter.hpp>
#include <bellwether/metrics.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>

#include "net/http_client.hpp"
#include "storage/series_store.hpp"

namespace bellwether::monitor {
namespace {

using namespace std::chrono_literals;

class MonitorTest : public testing::Test {
 protected:
  MonitorTest() {
    std::string name = "/tmp/bellwether-monitor-XXXXXX";
    directory_ = ::mkdtemp(name.data());
    orders_ = registry_.counter("orders_total", "Orders.").value();
    exporter_.emplace(Exporter::start(registry_, {.port = 0}).value());
  }
  ~MonitorTest() override { std::filesystem::remove_all(directory_); }

  std::string job(const std::string& name, const std::string& more = {}) const {
    return fmt::format("  - job_name: {}\n    static_configs:\n      - targets: [\"127.0.0.1:{}\"]\n{}", name,
                       exporter_->port(), more);
  }

  void write_config(const std::string& jobs) {
    std::ofstream(config_file()) << "global:\n  scrape_interval: 50ms\n  scrape_timeout: 50ms\nscrape_configs:\n"
                                 << jobs;
  }
  std::string config_file() const { return directory_ + "/prometheus.yml"; }

  MonitorOptions options() {
    MonitorOptions options;
    options.config_file = config_file();
    options.directory = directory_ + "/data";
    options.port = 0;
    options.flush_deadline = 0ms;
    options.log = [this](std::string_view text) {
      const std::lock_guard lock(mutex_);
      log_ += std::string(text) + '\n';
    };
    return options;
  }

  std::string get(const Monitor& monitor, const std::string& path) {
    const auto answer = client_.send({.url = monitor.url() + path});
    return answer ? answer->body : answer.error().message;
  }
  int post(const Monitor& monitor, const std::string& path, std::vector<net::Field> headers = {}) {
    const auto answer = client_.send({.method = "POST", .url = monitor.url() + path, .headers = std::move(headers)});
    return answer ? answer->status : 0;
  }

  std::size_t samples(Monitor& monitor, const std::string& job_name) {
    const std::vector<storage::Matcher> matchers = {
        storage::Matcher::make(storage::MatchType::equal, "__name__", "orders_total").value(),
        storage::Matcher::make(storage::MatchType::equal, "job", job_name).value()};
    storage::Selection selection = monitor.store().querier().select(matchers, 0, INT64_MAX);
    storage::FloatColumns columns;
    for (std::size_t i = 0; i < selection.size(); ++i) selection.read(i, columns);
    return columns.times.size();
  }

  template <typename Condition>
  bool eventually(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  }

  std::string directory_;
  Registry registry_;
  Counter orders_;
  std::optional<Exporter> exporter_;
  net::HttpClient client_;
  std::mutex mutex_;
  std::string log_;
};

TEST_F(MonitorTest, StoresWhatItsTargetsExpose) {
  write_config(job("desk"));
  auto monitor = Monitor::start(options());
  ASSERT_TRUE(monitor) << monitor.error().message;
  EXPECT_TRUE(eventually([&] { return samples(**monitor, "desk") >= 3; }));
  EXPECT_TRUE(eventually([&] { return (*monitor)->status().targets_up == 1; }));
  const MonitorStatus status = (*monitor)->status();
  EXPECT_EQ(status.targets, 1U);
  EXPECT_GT(status.series, 5U);
  EXPECT_GT(status.samples, 0U);
}

TEST_F(MonitorTest, AReloadThatItsRulesRefuseLeavesRulesAndAlertmanagersAsTheyWere) {
  const std::string rules = directory_ + "/rules.yml";
  const auto with = [&](const std::string& alertmanager) {
    write_config("  []\nrule_files: ['" + rules + "']\nalerting: {alertmanagers: [{static_configs: [{targets: ['" +
                 alertmanager + "']}]}]}\n");
  };
  std::ofstream(rules) << "groups: [{name: g, rules: [{alert: Kept, expr: up == 0}]}]\n";
  with("127.0.0.1:1");
  auto monitor = Monitor::start(options());
  ASSERT_TRUE(monitor) << monitor.error().message;
  ASSERT_TRUE(
      eventually([&] { return get(**monitor, "/api/v1/alertmanagers").find("127.0.0.1:1/") != std::string::npos; }));
  std::ofstream(rules) << "groups: [{name: g, rules: [{alert: Lost, expr: 'up =='}]}]\n";
  with("127.0.0.1:2");
  const auto reloaded = (*monitor)->reload();
  ASSERT_FALSE(reloaded);
  EXPECT_NE(reloaded.error().message.find("rules.yml:1:"), std::string::npos) << reloaded.error().message;
  EXPECT_NE(get(**monitor, "/api/v1/rules").find("Kept"), std::string::npos);
  EXPECT_TRUE(eventually([&] {
    const std::string found = get(**monitor, "/api/v1/alertmanagers");
    return found.find("127.0.0.1:1/") != std::string::npos && found.find("127.0.0.1:2/") == std::string::npos;
  }));
}

TEST_F(MonitorTest, HasItsSamplesAgainAfterAnEnd) {
  write_config(job("desk"));
  std::size_t before = 0;
  {
    auto monitor = Monitor::start(options());
    ASSERT_TRUE(monitor) << monitor.error().message;
    ASSERT_TRUE(eventually([&] { return samples(**monitor, "desk") >= 3; }));
    (*monitor)->stop();
    before = samples(**monitor, "desk");
  }
  write_config("  []\n");
  auto monitor = Monitor::start(options());
  ASSERT_TRUE(monitor) << monitor.error().message;
  EXPECT_EQ(samples(**monitor, "desk"), before);
}

TEST_F(MonitorTest, ReloadTakesWhatTheFileSaysNow) {
  write_config(job("desk"));
  auto monitor = Monitor::start(options());
  ASSERT_TRUE(monitor) << monitor.error().message;
  write_config(job("desk") + job("venue"));
  EXPECT_EQ(post(**monitor, "/-/reload"), 200);
  EXPECT_TRUE(eventually([&] { return samples(**monitor, "venue") >= 1; }));
}

TEST_F(MonitorTest, ReloadOfAFileThatIsWrongChangesNothingAndSaysWhere) {
  write_config(job("desk"));
  auto monitor = Monitor::start(options());
  ASSERT_TRUE(monitor) << monitor.error().message;
  write_config(job("desk", "    scrape_intervall: 1s\n"));
  const auto answer = client_.send({.method = "POST", .url = (*monitor)->url() + "/-/reload"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 500);
  EXPECT_NE(answer->body.find("scrape_interval"), std::string::npos) << answer->body;
  EXPECT_NE(get(**monitor, "/metrics").find("bellwether_config_last_reload_successful 0"), std::string::npos);
  const std::size_t before = samples(**monitor, "desk");
  EXPECT_TRUE(eventually([&] { return samples(**monitor, "desk") > before; }));
}

TEST_F(MonitorTest, ReloadByAWebPageOfAnotherOriginIsRefused) {
  write_config(job("desk"));
  auto monitor = Monitor::start(options());
  ASSERT_TRUE(monitor) << monitor.error().message;
  EXPECT_EQ(post(**monitor, "/-/reload", {{"Origin", "http://evil.example"}}), 403);
}

TEST_F(MonitorTest, TwoOnOneDirectoryTheSecondSaysSo) {
  write_config(job("desk"));
  auto first = Monitor::start(options());
  ASSERT_TRUE(first) << first.error().message;
  auto second = Monitor::start(options());
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find(directory_), std::string::npos) << second.error().message;
}

TEST_F(MonitorTest, DoesNotServeOtherMachinesWithoutTls) {
  write_config(job("desk"));
  MonitorOptions open = options();
  open.address = "0.0.0.0";
  auto monitor = Monitor::start(open);
  ASSERT_FALSE(monitor);
  EXPECT_NE(monitor.error().message.find("TLS"), std::string::npos) << monitor.error().message;
}

TEST_F(MonitorTest, ShowsNoSecretOfItsConfiguration) {
  write_config(job("desk", "    basic_auth:\n      username: scraper\n      password: hunter2\n") +
               job("venue", "    authorization:\n      credentials: hunter2\n    params:\n      a: [b]\n") +
               "remote_write:\n  - url: http://127.0.0.1:1/api/v1/write\n    basic_auth:\n      username: w\n"
               "      password: hunter2\n");
  auto monitor = Monitor::start(options());
  ASSERT_TRUE(monitor) << monitor.error().message;
  ASSERT_TRUE(eventually([&] { return samples(**monitor, "desk") >= 1; }));
  const std::string shown = get(**monitor, "/api/v1/status/config");
  EXPECT_NE(shown.find("password: \\u003csecret"), std::string::npos) << shown;
  for (const char* path : {"/api/v1/status/config", "/api/v1/targets", "/api/v1/status/flags", "/metrics"}) {
    EXPECT_EQ(get(**monitor, path).find("hunter2"), std::string::npos) << path;
  }
  write_config(job("desk", "    basic_auth:\n      password: hunter2\n      pasword: hunter2\n"));
  const auto refused = (*monitor)->reload();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message.find("hunter2"), std::string::npos) << refused.error().message;
  (*monitor)->stop();
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(log_.find("hunter2"), std::string::npos) << log_;
}

TEST_F(MonitorTest, AnswersQueriesAboutWhatItScraped) {
  write_config(job("desk"));
  auto monitor = Monitor::start(options());
  ASSERT_TRUE(monitor) << monitor.error().message;
  orders_.inc(7);
  EXPECT_TRUE(eventually([&] {
    return get(**monitor, "/api/v1/query?query=orders_total").find(R"("7"])") != std::string::npos;
  })) << get(**monitor, "/api/v1/query?query=orders_total");
  EXPECT_NE(get(**monitor, "/federate?match[]=orders_total").find("orders_total{"), std::string::npos);
  EXPECT_EQ(post(**monitor, "/api/v1/write"), 404) << "nobody asked to receive";
}

TEST_F(MonitorTest, TellsEveryErrorOfAConfigurationAtOnce) {
  std::ofstream(config_file())
      << "global:\n  scrape_intervall: 1s\nscrape_configs:\n  - job_name: a\n    metrics_pth: /m\n";
  auto monitor = Monitor::start(options());
  ASSERT_FALSE(monitor);
  EXPECT_NE(monitor.error().message.find("prometheus.yml:2:"), std::string::npos) << monitor.error().message;
  EXPECT_NE(monitor.error().message.find("prometheus.yml:5:"), std::string::npos) << monitor.error().message;
}

}  // namespace
}  // namespace bellwether::monitor
