// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// How messages get out: order, retries, limits, digests, dead letters, kills.
#include <atomic>
#include <bellwether/exposition.hpp>
#include <mutex>
#include <thread>

#include "notifier_world.hpp"
#include "storage/sqlite_file.hpp"

namespace notifier_test {
namespace {

const Labels urgent{{"severity", "P0"}};

class NotifierDelivery : public World {
 protected:
  NotifierDelivery() { yaml.replace(yaml.find("30s"), 3, "0s"); }
  void each_alert_a_group() { yaml.replace(yaml.find("[alertname]"), 11, "['...']"); }
};

TEST_F(NotifierDelivery, RetryAfterIsObeyedToTheMillisecond) {
  start();
  receiver().answers = {failing(DeliveryOutcome::rate_limited, 2000ms)};
  post({alert("a", urgent)});
  pass(1999ms);
  EXPECT_EQ(receiver().messages.size(), 1U);
  EXPECT_EQ(told(), Texts{});
  pass(1ms);
  EXPECT_EQ(told(), Texts{"first F:a"});
  EXPECT_EQ(receiver().messages[1].id, receiver().messages[0].id);
  EXPECT_EQ(receiver().messages[1].attempt, 2U);
}

TEST_F(NotifierDelivery, MessagesOfAGroupKeepTheirOrderAndOthersPass) {
  each_alert_a_group();
  start();
  const rules::Alert a = alert("a", urgent);
  receiver().answers = {failing(DeliveryOutcome::transient, 60s), {}};
  post({a});
  post({ended(a)});
  EXPECT_EQ(told(), Texts{});
  pass(1min);
  EXPECT_EQ(told(), (Texts{"first F:a", "all R:a"}));

  receiver().answers = {failing(DeliveryOutcome::transient)};
  post({alert("b", urgent)});
  post({alert("c", urgent)});  // does not wait for b
  EXPECT_EQ(told(), Texts{"first F:c"});
  pass(5s);
  EXPECT_EQ(told(), Texts{"first F:b"});
}

TEST_F(NotifierDelivery, PausesGrowWithFullJitterUpToTheCap) {
  class Highest final : public Random {
   public:
    double uniform() noexcept override { return 0.999999999; }
  } highest;
  options.random = &highest;
  start();
  receiver().otherwise = failing(DeliveryOutcome::transient);
  std::vector<std::int64_t> times;
  receiver().on_deliver = [&](const OutgoingMessage&) { times.push_back(now()); };
  post({alert("a", urgent)});
  pass(30min);
  ASSERT_GE(times.size(), 12U);
  for (std::size_t i = 1; i < 12; ++i) {
    const std::int64_t most = std::min<std::int64_t>(300'000, std::int64_t{1000} << (i - 1));
    EXPECT_LE(times[i] - times[i - 1], most);
    EXPECT_GE(times[i] - times[i - 1], most - 1);
  }
}

TEST_F(NotifierDelivery, WhatCannotBeDeliveredBecomesADeadLetterAndTheFallbackIsTold) {
  start();
  Registry registry;
  receiver().otherwise = failing(DeliveryOutcome::permanent);
  const rules::Alert a = alert("a", urgent);
  post({a});
  EXPECT_EQ(told("spare"), Texts{"first F:a!"});
  ASSERT_EQ(notifier->dead_letters().size(), 1U);
  EXPECT_EQ(notifier->dead_letters()[0].error, "refused by the test");
  EXPECT_EQ(notifier->dead_letters()[0].payload, "first F:a");
  receiver().otherwise = {};
  kill_and_start();
  post({ended(a)});  // both hear of the end, who could not be told of the firing too
  EXPECT_EQ(told("spare"), Texts{"all R:a"});
  EXPECT_EQ(told(), Texts{"all R:a"});
}

TEST_F(NotifierDelivery, WhatCannotBeRenderedGoesToTheFallback) {
  start();
  receiver().refuse_to_render = true;
  post({alert("a", urgent)});
  EXPECT_EQ(told("spare"), Texts{"first F:a!"});
  EXPECT_EQ(notifier->dead_letters().size(), 1U);
}

TEST_F(NotifierDelivery, GivesUpAfterItsSeveritysTime) {
  start();
  receiver().otherwise = failing(DeliveryOutcome::transient);
  post({alert("a", {{"severity", "info"}})});
  pass(59min);
  EXPECT_EQ(told("spare"), Texts{});
  pass(2min);
  EXPECT_EQ(told("spare"), Texts{"first F:a!"});
  EXPECT_EQ(notifier->status().dead, 1U);
}

TEST_F(NotifierDelivery, TheFallbackHearsOfALateP0WhileItIsTriedOn) {
  start();
  receiver().otherwise = failing(DeliveryOutcome::transient);
  post({alert("a", urgent)});
  pass(5min);
  EXPECT_EQ(told("spare"), Texts{"first F:a!"});
  receiver().otherwise = {};
  pass(10min);
  EXPECT_EQ(told(), Texts{"first F:a"});
  EXPECT_EQ(notifier->status().dead, 0U);
}

TEST_F(NotifierDelivery, RefusedCredentialsPauseTheIntegrationUntilAReload) {
  each_alert_a_group();
  start();
  receiver().otherwise = failing(DeliveryOutcome::unauthorized);
  post({alert("a")});
  post({alert("b")});
  EXPECT_EQ(receiver().messages.size(), 1U);
  EXPECT_EQ(told("spare"), (Texts{"first F:a!", "first F:b!"}));
  pass(4min);
  EXPECT_EQ(receiver().messages.size(), 1U);
  receiver().otherwise = {};
  ASSERT_TRUE(notifier->apply(setup()));
  notifier->run_due();
  EXPECT_EQ(told(), (Texts{"first F:a", "first F:b"}));
}

TEST_F(NotifierDelivery, TheBucketHoldsBackAllButP0) {
  each_alert_a_group();
  extensions += "rate_limits: {webhook: {messages: 1, per: 1s, burst: 2}}\ndigest: {max_messages: 0}\n";
  start();
  std::vector<rules::Alert> alerts;
  for (int i = 0; i < 6; ++i) alerts.push_back(alert("p2-" + std::to_string(i)));
  post(alerts);
  EXPECT_EQ(told().size(), 2U);
  post({alert("p0-a", urgent), alert("p0-b", urgent)});
  EXPECT_EQ(told(), (Texts{"first F:p0-a", "first F:p0-b"}));
  pass(1s);
  EXPECT_EQ(told().size(), 1U);
  pass(3s);
  EXPECT_EQ(told().size(), 3U);
}

TEST_F(NotifierDelivery, TheBreakerHoldsBackAllButP0WhichClosesIt) {
  each_alert_a_group();
  extensions += "digest: {max_messages: 0}\n";
  start();
  receiver().otherwise = failing(DeliveryOutcome::transient, 100s);
  receiver().otherwise.retry_after.reset();
  std::vector<rules::Alert> alerts;
  for (int i = 0; i < 30; ++i) alerts.push_back(alert(std::to_string(i)));
  post(alerts);
  EXPECT_LT(receiver().messages.size(), 30U) << "it opened";
  const std::size_t before = receiver().messages.size();
  receiver().otherwise = {};
  post({alert("p0", urgent)});
  EXPECT_GT(receiver().messages.size(), before);
  EXPECT_EQ(receiver().messages[before].payload, "first F:p0");
  pass(5min);
  EXPECT_EQ(told().size(), 31U);
}

TEST_F(NotifierDelivery, AThousandEqualP2BecomeTenMessagesAndOneThatCountsTheRest) {
  each_alert_a_group();
  extensions += "digest: {max_messages: 10, window: 10s}\n";
  start();
  std::vector<rules::Alert> alerts;
  for (int i = 0; i < 1000; ++i) alerts.push_back(alert(std::to_string(i), {{"severity", "P2"}}));
  alerts.insert(alerts.begin() + 500, alert("p0", urgent));
  post(alerts);
  Texts first = told();
  EXPECT_EQ(first.size(), 11U);
  EXPECT_NE(std::find(first.begin(), first.end(), "first F:p0"), first.end());
  EXPECT_EQ(notifier->status().held, 990U);
  kill_and_start();  // what is held outlives it
  pass(10s);
  Texts rest = told();
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].rfind("digest F:", 0), 0U);
  EXPECT_EQ(std::count(rest[0].begin(), rest[0].end(), ','), 989);
  for (rules::Alert& one : alerts) one = ended(one);
  post(alerts);
  pass(6min);
  std::size_t ends = 0;
  for (const std::string& text : told()) {
    if (const auto at = text.find(" R:"); at != std::string::npos) {
      ends += 1 + static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), ','));
    }
  }
  EXPECT_EQ(ends, 1001U);
}

TEST_F(NotifierDelivery, WhatWasUnderWayAtAKillGoesAgainUnderTheSameIdAndKey) {
  start();
  receiver().hang = true;
  post({alert("a", urgent)});
  ASSERT_EQ(receiver().messages.size(), 1U);
  const OutgoingMessage before = receiver().messages[0];
  // SHA-256 of `{}:{alertname="Test"}`, Alertmanager's.
  EXPECT_EQ(before.deduplication_key.size(), 64U);
  kill_and_start();
  ASSERT_EQ(receiver().messages.size(), 1U);
  EXPECT_EQ(receiver().messages[0].id, before.id);
  EXPECT_EQ(receiver().messages[0].deduplication_key, before.deduplication_key);
  EXPECT_EQ(receiver().messages[0].payload, before.payload);
  EXPECT_EQ(receiver().messages[0].attempt, 2U);
}

TEST_F(NotifierDelivery, AnAttemptWithoutAnswerIsTriedAgainAfterItsLease) {
  start();
  receiver().hang = true;
  post({alert("a", urgent)});
  receiver().hang = false;
  pass(2min + 2s);
  EXPECT_EQ(told(), Texts{"first F:a"});
  receiver().waiting.front()({});  // much too late
  pass(1h);
  EXPECT_EQ(told(), Texts{});
}

TEST_F(NotifierDelivery, AKeyForEachAlertWhereAskedFor) {
  extensions += "one_message_per_alert: [desk]\n";
  start();
  const rules::Alert a = alert("a", urgent);
  post({a, alert("b", urgent)});
  EXPECT_EQ(told(), (Texts{"first F:a", "first F:b"}));
  EXPECT_NE(receiver().messages[0].deduplication_key, receiver().messages[1].deduplication_key);
  post({ended(a)});
  EXPECT_EQ(told(), Texts{"some R:a"});
  EXPECT_EQ(receiver().messages[2].deduplication_key, receiver().messages[0].deduplication_key);
}

TEST_F(NotifierDelivery, WhereEachAlertHasItsMessageTheFallbackHearsOfFiringAndEndUnderOneKey) {
  for (const char* singles : {"[desk]", "[desk, spare]"}) {
    SCOPED_TRACE(singles);
    extensions = "fallback_receiver: spare\none_message_per_alert: " + std::string(singles) + "\n";
    receivers.clear();
    start();
    receiver().otherwise = failing(DeliveryOutcome::permanent);
    receiver("spare").answers = {failing(DeliveryOutcome::transient, 1min)};
    const rules::Alert a = alert("a", urgent);
    post({a});
    post({ended(a)});
    EXPECT_EQ(receiver("spare").messages.size(), 1U) << "the end does not overtake the firing";
    pass(10min);
    const std::vector<OutgoingMessage>& messages = receiver("spare").messages;
    EXPECT_EQ(messages.front().payload, "first F:a!");
    EXPECT_EQ(messages.back().payload.substr(0, 7), "all R:a");
    for (const OutgoingMessage& one : messages) EXPECT_EQ(one.deduplication_key, messages[0].deduplication_key);
    notifier.reset();
    std::filesystem::remove_all(options.directory);
  }
}

TEST_F(NotifierDelivery, RepeatsDoNotPileUpWhereEachAlertHasItsMessage) {
  yaml.replace(yaml.find("4h"), 2, "5m");
  extensions += "one_message_per_alert: [desk]\n";
  start();
  receiver().otherwise = failing(DeliveryOutcome::transient);
  post({alert("a"), alert("b")});
  pass(1h);
  EXPECT_EQ(notifier->status().pending, 2U);
}

TEST_F(NotifierDelivery, RepeatsDoNotPileUpBehindAMessageThatWaits) {
  yaml.replace(yaml.find("4h"), 2, "5m");
  start();
  receiver().otherwise = failing(DeliveryOutcome::transient);
  post({alert("a")});
  pass(1h);
  EXPECT_EQ(notifier->status().pending, 1U);
  receiver().otherwise = {};
  pass(6min);
  EXPECT_EQ(told().front(), "first F:a");
}

TEST_F(NotifierDelivery, WhenTheDiskRefusesAlertingGoesOnAndIsWrittenLater) {
  start();
  storage::FileFault fault{};
  auto other =
      storage::SqliteFile::open({.path = options.directory + "/alerts.sqlite", .writable = true, .vfs = {}}, fault);
  ASSERT_TRUE(other);
  ASSERT_TRUE((*other)->run("BEGIN IMMEDIATE"));
  const rules::Alert a = alert("a", urgent);
  EXPECT_FALSE(notifier->post(std::vector{a}));
  EXPECT_EQ(told(), Texts{"first F:a"});
  EXPECT_FALSE(notifier->status().written_down);
  ASSERT_TRUE((*other)->run("COMMIT"));
  pass(2s);
  EXPECT_TRUE(notifier->status().written_down);
  kill_and_start();
  EXPECT_EQ(notifier->alerts().size(), 1U);
  EXPECT_EQ(told(), Texts{});
}

TEST_F(NotifierDelivery, TellsOfItselfInMetrics) {
  Registry registry;
  options.registry = &registry;
  each_alert_a_group();
  start();
  receiver().answers = {failing(DeliveryOutcome::permanent), failing(DeliveryOutcome::transient)};
  post({alert("a", urgent)});
  post({alert("b", {{"severity", "P1"}})});
  const std::string text = render(registry);
  for (const char* line :
       {"bellwether_notify_dead_letters_total{integration=\"webhook\"} 1",
        "alertmanager_notifications_failed_total{integration=\"webhook\",reason=\"clientError\"} 1",
        "alertmanager_notifications_failed_total{integration=\"webhook\",reason=\"serverError\"} 1",
        "alertmanager_alerts{state=\"active\"} 2", "alerts_unacknowledged{severity=\"P0\"} 1",
        "bellwether_notify_outbox_depth 1", "bellwether_notify_delivery_seconds_count{integration=\"webhook\"} 1",
        "bellwether_notify_breaker_state{receiver=\"desk\",integration=\"webhook[0]\"} 0"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
  notifier.reset();
}

/// Answers from a thread of its own, as transports do.
class ThreadedIntegration final : public Integration {
 public:
  const std::string& name() const noexcept override { return name_; }
  bool send_resolved() const noexcept override { return true; }
  Result<std::string> render(const Notification& notification) const override { return notification.group_key; }
  void deliver(const OutgoingMessage& message, Done done) override {
    const bool takes = message.attempt > 1 || message.id % 3 != 0;
    delivered += takes ? 1 : 0;
    answering_.emplace_back(
        [done = std::move(done), takes] { done(takes ? DeliveryResult{} : failing(DeliveryOutcome::transient, 1ms)); });
  }
  std::atomic<int> delivered{0};

 private:
  struct Threads {
    ~Threads() {
      for (std::thread& thread : all) thread.join();
    }
    void emplace_back(std::function<void()> work) {
      const std::lock_guard lock(mutex);
      all.emplace_back(std::move(work));
    }
    std::mutex mutex;
    std::vector<std::thread> all;
  };
  const std::string name_ = "webhook[0]";
  Threads answering_;
};

TEST_F(NotifierDelivery, TakesAlertsAndAnswersFromManyThreads) {
  each_alert_a_group();
  NotifierSetup made = setup();
  const auto integration = std::make_shared<ThreadedIntegration>();
  made.receivers["desk"] = {integration};
  options.own_thread = true;
  options.clock = &Clock::system();
  auto started = Notifier::start(options, std::move(made));
  ASSERT_TRUE(started) << started.error().message;
  notifier = std::move(*started);
  std::vector<std::thread> posters;
  for (int t = 0; t < 3; ++t) {
    posters.emplace_back([this, t] {
      for (int i = 0; i < 20; ++i) {
        rules::Alert one = alert(std::to_string(t * 100 + i), urgent);
        one.starts_ms = 1;
        EXPECT_TRUE(notifier->post(std::vector{one}));
        EXPECT_LE(notifier->alerts().size(), 60U);
      }
    });
  }
  for (std::thread& poster : posters) poster.join();
  const auto until = std::chrono::steady_clock::now() + 60s;
  while ((integration->delivered < 60 || notifier->status().pending > 0) && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_EQ(integration->delivered, 60);
  notifier->stop();
  EXPECT_EQ(notifier->status().delivered, 60U);
}

}  // namespace
}  // namespace notifier_test
