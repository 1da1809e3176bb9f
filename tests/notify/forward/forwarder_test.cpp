// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/forward/forwarder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bellwether/exposition.hpp>
#include <bellwether/metrics.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

using namespace std::chrono_literals;

/// Alertmanagers by host; each answers what it was told to, then 200.
class FakeAlertmanagers final : public net::HttpTransport {
 public:
  net::HttpResult send(const net::HttpRequest& request) override {
    const std::string host = request.url.substr(7, request.url.find(':', 7) - 7);
    std::unique_lock lock(mutex_);
    asked_.push_back(request);
    changed_.notify_all();
    if (held_) changed_.wait_for(lock, 20s, [&] { return !held_; });
    std::vector<int>& next = answers_[host];
    int status = 200;
    if (!next.empty()) {
      status = next.front();
      if (next.size() > 1 || status == 200) next.erase(next.begin());  // the last one stays
    }
    if (status == 0) return net::HttpError{net::HttpErrorKind::connect, request.url + ": connection refused"};
    if (status == 200) taken_[host].push_back(request.body);
    changed_.notify_all();
    net::HttpResponse response;
    response.status = status;
    if (status == 429) response.headers = {{"Retry-After", "0"}};
    return response;
  }

  void answer(const std::string& host, std::vector<int> statuses) {
    const std::lock_guard lock(mutex_);
    answers_[host] = std::move(statuses);
  }
  void hold(bool held) {
    const std::lock_guard lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }
  /// Waits until what `text` stands in was taken there that often.
  bool took(const std::string& host, const std::string& text, std::size_t times = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, [&] { return count(host, text) >= times; });
  }
  std::size_t taken(const std::string& host, const std::string& text) {
    const std::lock_guard lock(mutex_);
    return count(host, text);
  }
  bool asked(std::size_t times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, [&] { return asked_.size() >= times; });
  }
  std::vector<net::HttpRequest> requests() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  std::size_t count(const std::string& host, const std::string& text) {
    std::size_t found = 0;
    for (const std::string& body : taken_[host]) {
      for (std::size_t at = body.find(text); at != std::string::npos; at = body.find(text, at + 1)) ++found;
    }
    return found;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  std::map<std::string, std::vector<int>> answers_;
  std::map<std::string, std::vector<std::string>> taken_;
  std::vector<net::HttpRequest> asked_;
};

config::AlertingConfig alerting(const std::vector<std::string>& targets) {
  config::AlertmanagerConfig manager;
  manager.discovery.static_configs = {{targets, {}}};
  config::AlertingConfig out;
  out.alertmanagers = {manager};
  return out;
}

std::vector<rules::Alert> alerts(const std::vector<std::string>& names) {
  std::vector<rules::Alert> out;
  for (const std::string& name : names) {
    rules::Alert alert;
    alert.labels = {{"alertname", name}};
    alert.starts_ms = 1'795'262'400'000;
    alert.ends_ms = alert.starts_ms + 1'000'000'000'000;  // far from now
    out.push_back(alert);
  }
  return out;
}

class ForwarderTest : public ::testing::Test {
 protected:
  Forwarder& start(std::size_t batch = 64, std::size_t capacity = 10'000) {
    ForwarderOptions options;
    options.transport = &managers;
    options.need = need;
    options.batch = batch;
    options.capacity = capacity;
    options.first_pause = 1ms;
    options.longest_pause = 5ms;
    options.registry = &registry;
    options.log = [this](std::string_view text) {
      const std::lock_guard lock(log_mutex);
      log += std::string(text) + '\n';
    };
    forwarder = std::make_unique<Forwarder>(std::move(options));
    return *forwarder;
  }
  bool emptied() {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (forwarder->queued() != 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    return forwarder->queued() == 0;
  }

  FakeAlertmanagers managers;
  Registry registry;
  ForwardNeed need = ForwardNeed::any;
  std::mutex log_mutex;
  std::string log;
  std::unique_ptr<Forwarder> forwarder;  // first to go
};

TEST_F(ForwarderTest, every_alertmanager_is_sent_what_fires) {
  Forwarder& one = start();
  ASSERT_TRUE(one.apply(alerting({"a:9093", "b:9093"}), {{"desk", "fx"}, {"alertname", "never"}}));
  one.sink()(alerts({"A"}));
  EXPECT_TRUE(managers.took("a", R"("labels":{"alertname":"A","desk":"fx"})"));
  EXPECT_TRUE(managers.took("b", R"("labels":{"alertname":"A","desk":"fx"})"));
  const net::HttpRequest request = managers.requests()[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_TRUE(request.url == "http://a:9093/api/v2/alerts" || request.url == "http://b:9093/api/v2/alerts");
  EXPECT_EQ(one.alertmanagers_json(),
            R"({"activeAlertmanagers":[{"url":"http://a:9093/api/v2/alerts"},{"url":"http://b:9093/api/v2/alerts"}],)"
            R"("droppedAlertmanagers":[]})");
}

TEST_F(ForwarderTest, batches_are_no_larger_than_told) {
  Forwarder& one = start(2);
  managers.hold(true);
  ASSERT_TRUE(one.apply(alerting({"a:9093"}), {}));
  one.post(alerts({"A", "B", "C", "D", "E"}));
  managers.hold(false);
  EXPECT_TRUE(managers.took("a", "alertname", 5));
  for (const net::HttpRequest& request : managers.requests()) {
    EXPECT_LE(std::count(request.body.begin(), request.body.end(), '['), 1);
    EXPECT_EQ(request.body.find("\"C\"") != std::string::npos && request.body.find("\"A\"") != std::string::npos,
              false);
  }
}

TEST_F(ForwarderTest, what_could_not_be_delivered_is_sent_again_in_order) {
  Forwarder& one = start(1);
  managers.answer("a", {0, 500, 429, 503, 200});
  ASSERT_TRUE(one.apply(alerting({"a:9093"}), {}));
  one.post(alerts({"A", "B"}));
  EXPECT_TRUE(managers.took("a", "\"B\""));
  const auto requests = managers.requests();
  ASSERT_EQ(requests.size(), 6U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NE(requests[i].body.find("\"A\""), std::string::npos) << i;
  EXPECT_TRUE(emptied());
}

TEST_F(ForwarderTest, what_is_refused_for_good_is_not_sent_again) {
  Forwarder& one = start(1);
  managers.answer("a", {400, 200});
  ASSERT_TRUE(one.apply(alerting({"a:9093"}), {}));
  one.post(alerts({"A", "B"}));
  EXPECT_TRUE(managers.took("a", "\"B\""));
  EXPECT_EQ(managers.taken("a", "\"A\""), 0U);
  EXPECT_TRUE(emptied());
  const std::string page = render(registry);
  EXPECT_NE(page.find(R"(prometheus_notifications_dropped_total{alertmanager="http://a:9093/api/v2/alerts"} 1)"),
            std::string::npos)
      << page;
  EXPECT_NE(page.find(R"(prometheus_notifications_errors_total{alertmanager="http://a:9093/api/v2/alerts"} 1)"),
            std::string::npos);
  EXPECT_NE(page.find(R"(prometheus_notifications_sent_total{alertmanager="http://a:9093/api/v2/alerts"} 2)"),
            std::string::npos);
  EXPECT_NE(page.find("prometheus_notifications_alertmanagers_discovered 1"), std::string::npos);
}

TEST_F(ForwarderTest, any_one_of_a_cluster_is_enough) {
  Forwarder& one = start();
  managers.answer("b", {0});
  ASSERT_TRUE(one.apply(alerting({"a:9093", "b:9093"}), {}));
  one.post(alerts({"A"}));
  EXPECT_TRUE(managers.took("a", "\"A\""));
  EXPECT_TRUE(emptied()) << "the other one is not asked for ever";
}

TEST_F(ForwarderTest, all_means_that_each_must_take_it) {
  need = ForwardNeed::all;
  Forwarder& one = start();
  managers.answer("b", {0});
  ASSERT_TRUE(one.apply(alerting({"a:9093", "b:9093"}), {}));
  one.post(alerts({"A"}));
  EXPECT_TRUE(managers.took("a", "\"A\""));
  EXPECT_TRUE(managers.asked(5));
  EXPECT_EQ(one.queued(), 1U);
  managers.answer("b", {200});
  EXPECT_TRUE(managers.took("b", "\"A\""));
  EXPECT_EQ(managers.taken("a", "\"A\""), 1U);
}

TEST_F(ForwarderTest, beyond_its_capacity_the_oldest_alerts_go_and_that_is_told) {
  Forwarder& one = start(1, 2);
  managers.answer("a", {0});
  ASSERT_TRUE(one.apply(alerting({"a:9093"}), {}));
  one.post(alerts({"A", "B", "C", "D", "E"}));
  EXPECT_TRUE(managers.asked(3));
  managers.answer("a", {200});
  EXPECT_TRUE(managers.took("a", "\"E\""));
  EXPECT_TRUE(emptied());
  EXPECT_LE(managers.taken("a", "alertname"), 3U);
  const std::lock_guard lock(log_mutex);
  EXPECT_NE(log.find("were not given to http://a:9093/api/v2/alerts: more than 2 wait"), std::string::npos) << log;
}

TEST_F(ForwarderTest, alerts_are_relabelled_for_all_and_for_each) {
  config::AlertingConfig config = alerting({"a:9093"});
  config.alertmanagers.push_back(config.alertmanagers[0]);
  config.alertmanagers[1].discovery.static_configs[0].targets = {"b:9093"};
  config::RelabelConfig drop;
  drop.source_labels = {"alertname"};
  drop.regex = "Noise";
  drop.action = config::RelabelAction::drop;
  config.alert_relabel_configs = {drop};
  config::RelabelConfig strip;
  strip.regex = "replica";
  strip.action = config::RelabelAction::labeldrop;
  config.alertmanagers[1].alert_relabel_configs = {strip};
  Forwarder& one = start();
  ASSERT_TRUE(one.apply(config, {{"replica", "1"}}));
  one.post(alerts({"Noise", "A"}));
  EXPECT_TRUE(managers.took("a", R"("labels":{"alertname":"A","replica":"1"})"));
  EXPECT_TRUE(managers.took("b", R"("labels":{"alertname":"A"})"));
  EXPECT_EQ(managers.taken("a", "Noise"), 0U);
}

TEST_F(ForwarderTest, a_reload_keeps_what_waits) {
  Forwarder& one = start();
  managers.answer("a", {0});
  ASSERT_TRUE(one.apply(alerting({"a:9093"}), {}));
  one.post(alerts({"A"}));
  EXPECT_TRUE(managers.asked(2));
  config::AlertingConfig changed = alerting({"a:9093", "c:9093"});
  changed.alertmanagers[0].timeout = 3s;
  ASSERT_TRUE(one.apply(changed, {}));
  EXPECT_EQ(one.alertmanagers(), 2U);
  managers.answer("a", {200});
  EXPECT_TRUE(managers.took("a", "\"A\""));
  EXPECT_EQ(managers.taken("c", "\"A\""), 0U);
  ASSERT_TRUE(one.apply({}, {}));
  EXPECT_EQ(one.alertmanagers(), 0U);
}

TEST_F(ForwarderTest, alerts_wait_for_the_first_alertmanager_that_is_found) {
  Forwarder& one = start();
  ASSERT_TRUE(one.apply(alerting({}), {}));
  one.post(alerts({"A"}));
  EXPECT_EQ(one.queued(), 1U);
  ASSERT_TRUE(one.apply(alerting({"a:9093"}), {}));
  EXPECT_TRUE(managers.took("a", "\"A\""));
}

TEST_F(ForwarderTest, the_end_gives_queues_a_moment_and_then_leaves_them) {
  Forwarder& one = start(1);
  ASSERT_TRUE(one.apply(alerting({"a:9093", "b:9093"}), {}));
  managers.answer("b", {0});
  one.post(alerts({"A", "B", "C"}));
  one.stop(50ms);
  one.post(alerts({"D"}));
  one.stop();
  EXPECT_EQ(managers.taken("a", "\"D\""), 0U);
  EXPECT_FALSE(one.apply(alerting({"a:9093"}), {}));
}

TEST_F(ForwarderTest, relabelling_that_does_not_compile_changes_nothing) {
  Forwarder& one = start();
  ASSERT_TRUE(one.apply(alerting({"a:9093"}), {}));
  config::AlertingConfig broken = alerting({"b:9093"});
  config::RelabelConfig step;
  step.regex = "(";
  broken.alert_relabel_configs = {step};
  EXPECT_FALSE(one.apply(broken, {}));
  EXPECT_NE(one.alertmanagers_json().find("http://a:9093"), std::string::npos);
}

}  // namespace
}  // namespace notify
BELLWETHER_NAMESPACE_END
