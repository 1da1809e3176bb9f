// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// What Prometheus and Alertmanager lose, told by a real monitor that is killed with SIGKILL, to a real receiver: an engine's gauges
// here, `bellwether monitor` as a child, a webhook here.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bellwether/exporter.hpp>
#include <bellwether/metrics.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exporter/child_process.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"

namespace bellwether {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

/// A webhook that keeps what it is told, and answers as it is bidden.
class Receiver {
 public:
  /// It waits for messages until `deadline`.
  explicit Receiver(Steady::time_point deadline) : deadline_(deadline) {
    std::vector<net::Route> routes;
    routes.push_back({"POST", "/hook", [this](const net::Request& request) { return take(request.body); }});
    routes.push_back({"GET", "/ping", [this](const net::Request&) {
                        const std::lock_guard lock(mutex_);
                        ++pings_;
                        return net::Response::text(200, "ok\n");
                      }});
    net::HttpServerOptions options;
    options.port = 0;
    server_ = net::HttpServer::start(std::move(options), std::move(routes)).value();
  }
  std::string url() const { return server_->url() + "/hook"; }
  std::string ping_url() const { return server_->url() + "/ping"; }
  /// Of a watchdog.
  int pings() {
    const std::lock_guard lock(mutex_);
    return pings_;
  }

  /// The next request is refused with 429 and this header.
  void refuse_once(const std::string& retry_after) {
    const std::lock_guard lock(mutex_);
    retry_after_ = retry_after;
  }

  /// When the n-th message came (from 0) in which this alert has the status; waits for it.
  std::optional<Steady::time_point> told(const std::string& id, const std::string& status, std::size_t n = 0) {
    std::unique_lock lock(mutex_);
    std::optional<Steady::time_point> found;
    changed_.wait_until(lock, deadline_, [&] { return (found = find(id, status, n)).has_value(); });
    return found;
  }
  std::size_t count(const std::string& id, const std::string& status) {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    while (find(id, status, count)) ++count;
    return count;
  }
  std::optional<Steady::time_point> refused_at() {
    const std::lock_guard lock(mutex_);
    return refused_at_;
  }

 private:
  struct Message {
    Steady::time_point time;
    std::string body;
  };

  net::Response take(const std::string& body) {
    const std::lock_guard lock(mutex_);
    if (!retry_after_.empty()) {
      net::Response refusal = net::Response::text(429, "slower\n");
      refusal.headers.push_back({"Retry-After", std::exchange(retry_after_, {})});
      refused_at_ = Steady::now();
      return refusal;
    }
    messages_.push_back({Steady::now(), body});
    changed_.notify_all();
    return net::Response::text(200, "ok\n");
  }
  std::optional<Steady::time_point> find(const std::string& id, const std::string& status, std::size_t n) const {
    for (const Message& message : messages_) {
      // An alert of a webhook's message begins with its status; its labels follow.
      const std::size_t label = message.body.find("\"id\":\"" + id + "\"");
      if (label == std::string::npos) continue;
      const std::size_t begins = message.body.rfind("\"status\":\"", label);
      if (begins == std::string::npos || message.body.compare(begins + 10, status.size(), status) != 0) continue;
      if (n-- == 0) return message.time;
    }
    return std::nullopt;
  }

  const Steady::time_point deadline_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Message> messages_;
  std::string retry_after_;
  int pings_ = 0;
  std::optional<Steady::time_point> refused_at_;
  std::unique_ptr<net::HttpServer> server_;
};

class AlertLosses : public testing::Test {
 protected:
  ~AlertLosses() override {
    if (HasFailure()) std::printf("%s\n", test::file_text(folder_.path("output")).c_str());
  }

  /// Rules: KillSwitch on the urgent gauge, Slow on the other one.
  void write_config(const std::string& group_wait, const std::string& hold = "0s") {
    folder_.write("prometheus.yml",
                  fmt::format("global: {{scrape_interval: 100ms, scrape_timeout: 100ms, evaluation_interval: 100ms}}\n"
                              "rule_files: [rules.yml]\n"
                              "scrape_configs:\n  - job_name: engine\n    static_configs:\n"
                              "      - targets: ['127.0.0.1:{}']\n",
                              exporter_.port()));
    folder_.write("rules.yml", fmt::format("groups:\n  - name: engine\n    rules:\n"
                                           "      - alert: KillSwitch\n        expr: kill_switch == 1\n"
                                           "        labels: {{severity: P0, urgent: 'true'}}\n"
                                           "      - alert: Slow\n        expr: slow == 1\n        for: {}\n"
                                           "        labels: {{severity: warning}}\n"
                                           "      - alert: EngineDown\n        expr: up == 0\n"
                                           "        labels: {{severity: P0, id: engine}}\n",
                                           hold));
    folder_.write("bellwether.yml",
                  "watchdogs: [{name: outside, url: '" + receiver_.ping_url() + "', interval: 1s}]\n");
    folder_.write("alertmanager.yml",
                  fmt::format("route:\n  receiver: person\n  group_by: [alertname]\n  group_wait: {}\n"
                              "  group_interval: 10m\nreceivers:\n  - name: person\n    webhook_configs:\n"
                              "      - url: {}\n",
                              group_wait, receiver_.url()));
  }

  /// Returns when it is ready and has scraped.
  void start() {
    if (port_ == 0) port_ = test::free_port();
    monitor_.emplace(
        std::vector<std::string>{BELLWETHER_PROGRAM_FILE, "monitor", "--config", folder_.path("prometheus.yml"),
                                 "--alertmanager-config", folder_.path("alertmanager.yml"), "--directory",
                                 folder_.path("data"), "--listen", fmt::format("127.0.0.1:{}", port_)},
        folder_.path("output"));
    ASSERT_TRUE(eventually([&] { return get("/api/v1/query?query=up").find("\"1\"]") != std::string::npos; }));
  }
  void kill() { monitor_.reset(); }

  std::string get(const std::string& path) {
    const auto answer = client_.send({.url = fmt::format("http://127.0.0.1:{}{}", port_, path)});
    return answer ? answer->body : std::string();
  }

  template <typename Condition>
  bool eventually(const Condition& condition) const {
    for (; Steady::now() < deadline_; std::this_thread::sleep_for(10ms)) {
      if (condition()) return true;
    }
    return false;
  }

  /// Of all waits of a test together, so that it ends, and tells what its monitor said, before ctest ends it.
  const Steady::time_point deadline_ = Steady::now() + 120s;
  Registry registry_;
  Family<Gauge, "id"> kill_switch_ = registry_.gauge<"id">("kill_switch", "1: stopped.", {.urgent = true}).value();
  Family<Gauge, "id"> slow_ = registry_.gauge<"id">("slow", "1: slow.").value();
  Exporter exporter_ = Exporter::start(registry_, {.port = 0}).value();
  Receiver receiver_{deadline_};
  const test::TemporaryFolder folder_;
  net::HttpClient client_;
  std::uint16_t port_ = 0;
  std::optional<test::ChildProcess> monitor_;
};

TEST_F(AlertLosses, EachShortPulseOfAnUrgentGaugeIsTold) {
  write_config("10s");
  start();
  kill_switch_.at("first").set(1);  // the stream is open when this one has arrived
  ASSERT_TRUE(receiver_.told("first", "firing"));
  for (int pulse = 0; pulse < 20; ++pulse) {
    const Gauge gauge = kill_switch_.at(std::to_string(pulse));
    gauge.announce(
        1);  // what must not be missed: on a busy machine nobody may look at a gauge for longer than this pulse
    std::this_thread::sleep_for(50ms);
    gauge.announce(0);
  }
  for (int pulse = 0; pulse < 20; ++pulse) {
    EXPECT_TRUE(receiver_.told(std::to_string(pulse), "firing")) << pulse;
    EXPECT_TRUE(receiver_.told(std::to_string(pulse), "resolved")) << pulse;
  }
}

TEST_F(AlertLosses, ASilenceMadeJustBeforeAKillHolds) {
  write_config("0s");
  start();
  const auto made = client_.send(
      {.method = "POST",
       .url = fmt::format("http://127.0.0.1:{}/api/v2/silences", port_),
       .headers = {{"Content-Type", "application/json"}},
       .body = R"({"matchers":[{"name":"id","value":"quiet","isRegex":false,"isEqual":true}],)"
               R"("startsAt":"2020-01-01T00:00:00Z","endsAt":"2099-01-01T00:00:00Z","createdBy":"me","comment":"c"})"});
  ASSERT_TRUE(made && made->status == 200) << (made ? made->body : made.error().message);
  kill();
  start();
  kill_switch_.at("quiet").set(1);
  ASSERT_TRUE(eventually([&] {
    const std::string alerts = get("/api/v2/alerts");
    return alerts.find("quiet") != std::string::npos && alerts.find("suppressed") != std::string::npos;
  }));
  kill_switch_.at("loud").set(1);
  EXPECT_TRUE(receiver_.told("loud", "firing"));
  EXPECT_EQ(receiver_.count("quiet", "firing"), 0U);
}

TEST_F(AlertLosses, NobodyIsPagedAgainAfterAKill) {
  write_config("0s");
  start();
  kill_switch_.at("a").set(1);
  ASSERT_TRUE(receiver_.told("a", "firing"));
  // The answer must be written down: until then a second message is what `at least once` means.
  ASSERT_TRUE(
      eventually([&] { return get("/metrics").find("\nbellwether_notify_outbox_depth 0\n") != std::string::npos; }));
  kill();
  start();
  slow_.at("b").set(1);
  ASSERT_TRUE(receiver_.told("b", "firing"));
  EXPECT_EQ(receiver_.count("a", "firing"), 1U);
}

TEST_F(AlertLosses, AnEndThatCameWhileItWasDownIsTold) {
  write_config("0s");
  start();
  kill_switch_.at("a").set(1);
  slow_.at("b").set(1);
  ASSERT_TRUE(receiver_.told("a", "firing"));
  ASSERT_TRUE(receiver_.told("b", "firing"));
  kill();
  kill_switch_.at("a").set(0);
  slow_.at("b").set(0);
  start();
  EXPECT_TRUE(receiver_.told("a", "resolved"));
  kill_switch_.at("c").set(1);
  EXPECT_TRUE(receiver_.told("c", "firing"));
}

TEST_F(AlertLosses, AnUrgentAlertThatJoinsAGroupAlreadyToldGoesOutAtOnce) {
  write_config("0s");
  start();
  kill_switch_.at("a").set(1);
  ASSERT_TRUE(receiver_.told("a", "firing"));
  kill_switch_.at("b").set(1);
  EXPECT_TRUE(receiver_.told("b", "firing")) << "it waits for the group_interval of ten minutes";
}

TEST_F(AlertLosses, WhatFiresWhileItIsDownIsToldAfterTheStart) {
  write_config("0s");
  start();
  kill();
  kill_switch_.at("a").set(1);
  start();
  EXPECT_TRUE(receiver_.told("a", "firing"));
}

TEST_F(AlertLosses, AKillWithinGroupWaitDoesNotBeginItAnew) {
  write_config("16s");
  start();
  slow_.at("a").set(1);
  ASSERT_TRUE(eventually([&] { return get("/api/v2/alerts").find("Slow") != std::string::npos; }));
  std::this_thread::sleep_for(8s);
  kill();
  const auto restarted = Steady::now();
  start();
  const auto told = receiver_.told("a", "firing");
  ASSERT_TRUE(told);
  EXPECT_LT(*told - restarted, 16s) << "a wait of 16 s was begun anew";
}

TEST_F(AlertLosses, AReceiverThatAsksForTwoSecondsIsToldThen) {
  write_config("0s");
  start();
  receiver_.refuse_once("2");
  kill_switch_.at("a").set(1);
  const auto told = receiver_.told("a", "firing");
  ASSERT_TRUE(told) << "it waits for the group_interval of ten minutes";
  ASSERT_TRUE(receiver_.refused_at());
  EXPECT_GE(*told - *receiver_.refused_at(), 2s);
}

TEST_F(AlertLosses, ADeadEngineIsToldByTheMonitorAndADeadMonitorByTheSilenceOfItsWatchdog) {
  write_config("0s");
  start();
  ASSERT_TRUE(eventually([&] { return receiver_.pings() >= 2; }));
  exporter_.stop();
  EXPECT_TRUE(receiver_.told("engine", "firing"));
  kill();
  const int pings = receiver_.pings();
  std::this_thread::sleep_for(1500ms);
  EXPECT_LE(receiver_.pings(), pings + 1) << "one may have been under way";
}

TEST_F(AlertLosses, AKillWithinForDoesNotBeginItAnew) {
  write_config("0s", "16s");
  start();
  slow_.at("a").set(1);
  ASSERT_TRUE(eventually([&] { return get("/api/v1/alerts").find("pending") != std::string::npos; }));
  std::this_thread::sleep_for(8s);
  kill();
  const auto restarted = Steady::now();
  start();
  const auto told = receiver_.told("a", "firing");
  ASSERT_TRUE(told);
  EXPECT_LT(*told - restarted, 16s) << "a `for` of 16 s was begun anew";
}

}  // namespace
}  // namespace bellwether
