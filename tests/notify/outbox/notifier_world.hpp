// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <bellwether/clock.hpp>
#include <bellwether/random.hpp>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "notify/notifier.hpp"

namespace notifier_test {

using namespace bellwether;
using namespace bellwether::notify;
using namespace std::chrono_literals;
using Labels = rules::AlertLabels;

/// A receiver that notes what it gets. Its messages read `first F:a,b R:c`: the reason, and the label `id` of each alert.
class FakeIntegration final : public Integration {
 public:
  explicit FakeIntegration(std::string name, bool send_resolved = true)
      : name_(std::move(name)), send_resolved_(send_resolved) {}

  const std::string& name() const noexcept override { return name_; }
  bool send_resolved() const noexcept override { return send_resolved_; }

  Result<std::string> render(const Notification& notification) const override {
    if (refuse_to_render) return Error{"template: no such field"};
    constexpr const char* reasons[] = {"first", "new", "some", "all", "repeat", "escalation", "digest"};
    std::string text = reasons[static_cast<std::size_t>(notification.reason)];
    std::string sides[2];
    for (const rules::Alert& alert : notification.alerts) {
      std::string& side = sides[alert.resolved_at(notification.now_ms) ? 1 : 0];
      const auto id = alert.labels.find("id");
      side += (side.empty() ? "" : ",") + (id == alert.labels.end() ? alert.labels.at("alertname") : id->second);
      if (alert.annotations.contains("flapping")) side += "*";
      if (alert.annotations.contains("undelivered")) side += "!";
    }
    if (!sides[0].empty()) text += " F:" + sides[0];
    if (!sides[1].empty()) text += " R:" + sides[1];
    return text;
  }

  std::vector<std::string> recipients(const std::string&) const override { return people; }

  void deliver(const OutgoingMessage& message, Done done) override {
    if (on_deliver) on_deliver(message);
    messages.push_back(message);
    if (hang) {
      waiting.push_back(std::move(done));
      return;
    }
    DeliveryResult result = otherwise;
    if (!answers.empty()) {
      result = answers.front();
      answers.pop_front();
    }
    if (result.outcome == DeliveryOutcome::delivered) told.push_back(message.payload);
    done(std::move(result));
  }

  /// What was taken since the last call.
  std::vector<std::string> take() { return std::exchange(told, {}); }

  std::vector<std::string> people;  ///< whom each message names
  bool refuse_to_render = false;
  bool hang = false;
  std::deque<DeliveryResult> answers;
  DeliveryResult otherwise;
  std::vector<OutgoingMessage> messages;  ///< each attempt
  std::vector<std::string> told;          ///< payloads that were taken
  std::vector<Done> waiting;
  std::function<void(const OutgoingMessage&)> on_deliver;

 private:
  std::string name_;
  bool send_resolved_;
};

inline DeliveryResult failing(DeliveryOutcome outcome, std::optional<std::chrono::milliseconds> retry_after = {}) {
  DeliveryResult result;
  result.outcome = outcome;
  result.retry_after = retry_after;
  result.error = "refused by the test";
  return result;
}

/// A notifier with fake time and receivers: nothing happens unless it is told to.
class World : public ::testing::Test {
 protected:
  World() {
    static int count = 0;
    options.directory = ::testing::TempDir() + "notifier-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
    options.own_thread = false;
    options.clock = &clock;
    options.random = &random;
  }
  ~World() override {
    notifier.reset();
    std::filesystem::remove_all(options.directory);
    for (const std::string& directory : left) std::filesystem::remove_all(directory);
  }

  NotifierSetup setup() {
    NotifierSetup out;
    const auto report = config::read_notifier_config_text(yaml, "alertmanager.yml", {}, extensions);
    for (const std::string& error : report.errors) ADD_FAILURE() << error;
    if (report.config) out.config = *report.config;
    for (const config::ReceiverConfig& receiver : out.config.receivers) {
      auto& integrations = receivers[receiver.name];
      if (integrations.empty()) integrations.push_back(std::make_shared<FakeIntegration>("webhook[0]"));
      for (const auto& one : integrations) out.receivers[receiver.name].push_back(one);
    }
    return out;
  }

  void start() {
    auto started = Notifier::start(options, setup());
    ASSERT_TRUE(started) << started.error().message;
    notifier = std::move(*started);
    notifier->run_due();
  }

  /// kill -9: what is on disk at this moment is all that remains.
  void kill() {
    const std::string before = options.directory;
    options.directory = before + "k";
    std::filesystem::create_directories(options.directory);
    for (const char* file : {"/alerts.sqlite", "/alerts.sqlite-wal"}) {
      if (std::filesystem::exists(before + file)) std::filesystem::copy_file(before + file, options.directory + file);
    }
    left.push_back(before);
    std::map<std::string, std::vector<std::shared_ptr<FakeIntegration>>> fresh;
    for (auto& [name, list] : receivers) {
      for (auto& one : list) {
        fresh[name].push_back(std::make_shared<FakeIntegration>(one->name(), one->send_resolved()));
        fresh[name].back()->people = one->people;
      }
    }
    notifier->stop(0ms);
    notifier.reset();
    receivers = std::move(fresh);
  }
  void kill_and_start() {
    kill();
    start();
  }

  std::int64_t now() const { return std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall()).count(); }

  rules::Alert alert(const std::string& id, Labels labels = {}) const {
    rules::Alert out;
    out.labels = std::move(labels);
    out.labels.try_emplace("alertname", "Test");
    out.labels["id"] = id;
    out.starts_ms = now();
    return out;
  }
  rules::Alert ended(rules::Alert one) const {
    one.ends_ms = now();
    return one;
  }
  void post(std::vector<rules::Alert> alerts) {
    ASSERT_TRUE(notifier->post(alerts));
    notifier->run_due();
  }
  /// Time passes, and what is due happens when it is due.
  void pass(std::chrono::milliseconds time) {
    const std::int64_t end = now() + time.count();
    for (;;) {
      const auto next = notifier->run_due();
      const std::int64_t to = next ? std::min(std::max(*next, now() + 1), end) : end;
      clock.advance(std::chrono::milliseconds{to - now()});
      if (to >= end) break;
    }
    notifier->run_due();
  }

  FakeIntegration& receiver(const std::string& name = "desk") { return *receivers[name].front(); }
  std::vector<std::string> told(const std::string& name = "desk") { return receiver(name).take(); }

  std::string yaml = R"(
route:
  receiver: desk
  group_by: [alertname]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 4h
receivers:
  - name: desk
  - name: spare
  - name: boss
)";
  std::string extensions = "fallback_receiver: spare\n";
  ManualClock clock{std::chrono::seconds{1'790'000'000}};
  SeededRandom random{7};
  NotifierOptions options;
  std::map<std::string, std::vector<std::shared_ptr<FakeIntegration>>> receivers;
  std::unique_ptr<Notifier> notifier;
  std::vector<std::string> left;
};

using Texts = std::vector<std::string>;

}  // namespace notifier_test
