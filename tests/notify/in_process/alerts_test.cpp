// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// bellwether/alerts.hpp up to the notifier: rings, limits, texts, configuration.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "notify/in_process/alert_pipe.hpp"
#include "notify/in_process/monitoring_config.hpp"

namespace bellwether::test {
namespace {

using namespace std::chrono_literals;
using notify::AlertPipe;
using notify::AlertPipeOptions;
using testing::ElementsAre;
using testing::HasSubstr;

class AlertsOfAProcess : public testing::Test {
 protected:
  AlertPipeOptions options() {
    AlertPipeOptions options;
    options.alerts.clock = &clock;
    options.sink = [this](const std::vector<rules::Alert>& alerts) {
      told.insert(told.end(), alerts.begin(), alerts.end());
    };
    options.own_thread = false;
    return options;
  }
  std::vector<std::string> titles() const {
    std::vector<std::string> titles;
    for (const rules::Alert& alert : told) titles.push_back(alert.annotations.at("summary"));
    return titles;
  }

  ManualClock clock{std::chrono::seconds{1'795'253'401}};
  std::vector<rules::Alert> told;
};

TEST_F(AlertsOfAProcess, CriticalOnesAreToldAtOnceAndEveryTime) {
  AlertPipe alerts(options());
  for (int i = 0; i < 200; ++i) EXPECT_TRUE(alerts.critical("Kill switch tripped", "PnL", "risk"));
  alerts.pump();
  ASSERT_EQ(told.size(), 200U);
  std::set<rules::AlertLabels> different;
  for (const rules::Alert& alert : told) different.insert(alert.labels);
  EXPECT_EQ(different.size(), 200U);  // the notifier must not take them for one that goes on
  EXPECT_EQ(told[0].labels.at("severity"), "P0");
  EXPECT_EQ(told[0].labels.at("component"), "risk");
  EXPECT_EQ(told[0].annotations.at("description"), "PnL");
}

TEST_F(AlertsOfAProcess, AStormOfEqualOnesIsOneMessageAndACountAndTheP0InItPasses) {
  AlertPipe alerts(options());
  for (int i = 0; i < 1000; ++i) {
    alerts.medium("Feed is slow", "value " + std::to_string(i), "feed");
    if (i == 500) alerts.critical("Kill switch tripped", "", "risk");
  }
  alerts.pump();
  EXPECT_THAT(titles(), ElementsAre("Kill switch tripped"));
  clock.advance(61s);
  alerts.pump();  // no further alert is needed to end a window
  EXPECT_THAT(titles(), ElementsAre("Kill switch tripped", "Feed is slow"));
  clock.advance(600s);
  alerts.pump();
  EXPECT_THAT(titles(), ElementsAre("Kill switch tripped", "Feed is slow", "Feed is slow (999 times more in 10 min)"));
}

TEST_F(AlertsOfAProcess, DifferentOnesOfASeverityAreBundled) {
  AlertPipe alerts(options());
  for (int i = 0; i < 30; ++i) alerts.info("Thing " + std::to_string(i), "happened", "desk");
  alerts.pump();
  EXPECT_TRUE(told.empty());
  clock.advance(60s);
  alerts.pump();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].annotations.at("summary"), "30 INFO alerts in 1 min");
  EXPECT_THAT(told[0].annotations.at("description"), HasSubstr("Thing 3 (desk): happened\n"));
  EXPECT_THAT(told[0].annotations.at("description"), HasSubstr("and 10 more"));
}

TEST_F(AlertsOfAProcess, MoreThanTenHighOnesInFiveMinutesAreCounted) {
  AlertPipe alerts(options());
  for (int i = 0; i < 25; ++i) alerts.high("Trouble " + std::to_string(i), "", "desk");
  alerts.pump();
  EXPECT_EQ(told.size(), 10U);
  clock.advance(299s);
  alerts.pump();
  EXPECT_EQ(told.size(), 10U);
  clock.advance(2s);
  alerts.pump();
  ASSERT_EQ(told.size(), 11U);
  EXPECT_EQ(told[10].annotations.at("summary"), "15 P1 alerts held back in 5 min");
  alerts.high("Later", "", "desk");
  alerts.pump();
  EXPECT_EQ(told.back().annotations.at("summary"), "Later");
}

TEST_F(AlertsOfAProcess, TheEndOfTheProcessTellsWhatWindowsHold) {
  {
    AlertPipe alerts(options());
    alerts.medium("Feed is slow", "", "feed");
    alerts.info("Started", "", "desk");
  }
  EXPECT_THAT(titles(), testing::UnorderedElementsAre("Feed is slow", "Started"));
}

TEST_F(AlertsOfAProcess, AFullRingLosesOthersButKeepsAReserveForCriticalOnes) {
  AlertPipeOptions small = options();
  small.alerts.capacity = 4;
  small.alerts.urgent_capacity = 2;
  AlertPipe alerts(std::move(small));
  for (int i = 0; i < 6; ++i) EXPECT_EQ(alerts.high("x" + std::to_string(i), ""), i < 4);
  EXPECT_TRUE(alerts.critical("a", ""));
  EXPECT_TRUE(alerts.critical("b", ""));
  EXPECT_FALSE(alerts.critical("c", ""));
  EXPECT_EQ(alerts.lost(), 3U);
  alerts.pump();
  EXPECT_THAT(titles(), ElementsAre("a", "b", "x0", "x1", "x2", "x3"));
}

TEST_F(AlertsOfAProcess, MetricsCountWhatWasToldLostAndSuppressed) {
  Registry registry;
  AlertPipeOptions counted = options();
  counted.alerts.registry = &registry;
  AlertPipe alerts(std::move(counted));
  alerts.critical("a", "");
  for (int i = 0; i < 3; ++i) alerts.medium("b", "");
  alerts.pump();
  auto told_total =
      registry.counter<"severity">("bellwether_alerts_told_total", "Alerts of this process handed to the notifier.")
          .value();
  EXPECT_EQ(told_total.at("P0").value(), 1);
  auto suppressed =
      registry
          .counter<"severity", "reason">("alerts_suppressed_total", "Notifications not sent by themselves, and why.")
          .value();
  EXPECT_EQ(suppressed.at("P2", "duplicate").value(), 2);
  EXPECT_EQ(suppressed.at("P2", "bundled").value(), 1);
}

TEST_F(AlertsOfAProcess, ThreadsDoNotDisturbEachOther) {
  std::atomic<std::size_t> count{0};
  AlertPipeOptions threaded;
  threaded.own_thread = true;
  threaded.alerts.urgent_capacity = 512;
  threaded.sink = [&](const std::vector<rules::Alert>& alerts) { count += alerts.size(); };
  std::atomic<std::size_t> accepted{0};
  {
    AlertPipe alerts(std::move(threaded));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 500; ++i)
          accepted += alerts.critical("from " + std::to_string(t), std::to_string(i), "test") ? 1 : 0;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_TRUE(alerts.flush(60s));
    EXPECT_EQ(count, accepted);
    EXPECT_EQ(accepted + alerts.lost(), 2000U);
  }
  EXPECT_EQ(count, accepted);
}

TEST_F(AlertsOfAProcess, TemplatesSayValueAndThreshold) {
  const auto kill = AlertTemplate::kill_switch_activated("pnl", -0.071, -0.05);
  EXPECT_EQ(kill.message().severity, AlertSeverity::critical);
  EXPECT_EQ(kill.message().name, "KillSwitchActivated");
  EXPECT_THAT(std::string(kill.message().message), HasSubstr("-0.071 has passed the threshold of -0.05"));
  auto lost = AlertTemplate::ibkr_connection_lost("reset by peer", 5);
  EXPECT_EQ(lost.with_runbook_url("https://r/x").message().runbook_url, "https://r/x");
  const auto slow = AlertTemplate::high_latency("order", 350.5, 200);
  EXPECT_EQ(slow.message().value, "350.5");
  const auto data = AlertTemplate::data_quality_issue("gap", "BTCUSDT", 3);
  EXPECT_THAT(std::string(data.message().title), HasSubstr("BTCUSDT: gap"));
  const auto failure = AlertTemplate::optimization_failure("hrp", std::string(5000, 'x'));
  EXPECT_LT(failure.message().message.size(), 512U);
}

TEST_F(AlertsOfAProcess, LongAndOddTextsAreShortenedNotBroken) {
  AlertPipe alerts(options());
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "\xF0\x9F\x94\xA5";
  alerts.critical(text, text + "\xFF", text);
  alerts.pump();
  const std::string& title = told.at(0).annotations.at("summary");
  EXPECT_LE(title.size(), AlertMessage::max_title);
  EXPECT_EQ(title.substr(title.size() - 7), "\xF0\x9F\x94\xA5\xE2\x80\xA6");
}

TEST_F(AlertsOfAProcess, MonitoringConfigNamesChannelsLimitsAndEscalation) {
  const auto config = notify::read_monitoring_config(R"(
alerting:
  directory: state/alerts
  instance: desk-1
  channels:
    slack: {channel: "#algo-trade-alerts"}
    email: {smarthost: "smtp.gmail.com:587", to: ops@example.org}
    pagerduty: {routing_key_file: secrets/pagerduty}
  severities: {P2: [email]}
  rate_limit: {max_alerts: 5, window: 60s}
  aggregation: {window: 30s, severities: [INFO]}
  duplicate_window: 2m
  escalation: {P0: 5m, P1: 60m}
trading: {anything: goes}
)",
                                                     "etc/monitoring_config.yaml",
                                                     {.slack_webhook_url = config::Secret("http://hooks.example/x"),
                                                      .smtp_user = "desk@gmail.com",
                                                      .smtp_password = config::Secret("app password"),
                                                      .pagerduty_api_key = {}});
  ASSERT_FALSE(config) << "a section that is not ours must be named";
  EXPECT_THAT(config.error().message, HasSubstr("trading"));
}

TEST_F(AlertsOfAProcess, MonitoringConfigBecomesReceiversAndRoutes) {
  const auto config = notify::read_monitoring_config(R"(
alerting:
  directory: state/alerts
  channels:
    slack: {channel: "#algo-trade-alerts"}
    email: {smarthost: "smtp.gmail.com:587", to: ops@example.org}
    pagerduty: {routing_key: key}
  severities: {P2: [email]}
  rate_limit: {max_alerts: 5, window: 60s}
  aggregation: {window: 30s, severities: [INFO]}
  escalation: {P1: 60m}
)",
                                                     "etc/monitoring_config.yaml",
                                                     {.slack_webhook_url = config::Secret("http://hooks.example/x"),
                                                      .smtp_user = "desk@gmail.com",
                                                      .smtp_password = config::Secret("app password"),
                                                      .pagerduty_api_key = {}});
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->directory, "etc/state/alerts");
  EXPECT_EQ(config->limits.max_alerts, 5U);
  EXPECT_FALSE(config->limits.bundled[2]);
  const auto receiver = [&](const char* name) { return *config::find_receiver(config->notifier, name); };
  EXPECT_EQ(receiver("P0").slack_configs.size() + receiver("P0").email_configs.size() +
                receiver("P0").pagerduty_configs.size(),
            3U);
  EXPECT_EQ(receiver("P1").pagerduty_configs.size(), 0U);
  EXPECT_EQ(receiver("P2").email_configs.at(0).from, "desk@gmail.com");
  EXPECT_EQ(receiver("P2").slack_configs.size(), 0U);
  EXPECT_EQ(receiver("INFO").slack_configs.size(), 1U);
  ASSERT_EQ(config->notifier.extensions.escalation.size(), 1U);
  EXPECT_THAT(config->notifier.extensions.escalation[0].steps.at(0).receivers, ElementsAre("P0"));
}

TEST_F(AlertsOfAProcess, WrongConfigurationsSayWhatToDo) {
  const auto error = [](const char* text) {
    const auto read = notify::read_monitoring_config(text, "m.yaml", {});
    return read ? std::string("no error") : read.error().message;
  };
  EXPECT_THAT(error("x: 1"), HasSubstr("alerting"));
  EXPECT_THAT(error("alerting: {}"), HasSubstr("nobody can be told"));
  EXPECT_THAT(error("alerting: {channels: {slack: {}}}"), HasSubstr("SLACK_WEBHOOK_URL"));
  EXPECT_THAT(error("alerting: {channels: {webhook: {url: 'http://x/'}}, severities: {P0: [slack]}}"),
              HasSubstr("there is no channel \"slack\""));
  EXPECT_THAT(error("alerting: {channels: {webhook: {url: 'http://x/'}}, aggregation: {severities: [P0]}}"),
              HasSubstr("cannot be bundled"));
  EXPECT_THAT(error("alerting: {channels: {webhook: {url: 'http://x/'}, pager: {}}}"), HasSubstr("pager"));
}

}  // namespace
}  // namespace bellwether::test
