// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// bellwether/alerts.hpp with the notifier behind it and a service at the end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bellwether/alerts.hpp>

#include "exporter/child_process.hpp"
#include "notify/receivers/fake_provider.hpp"

namespace bellwether::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class LiveAlerts : public testing::Test {
 protected:
  std::string config(const FakeProvider& provider) const {
    return folder.write("monitoring_config.yaml",
                        "alerting:\n  directory: state\n  instance: desk-1\n  channels: {webhook: {url: \"" +
                            provider.url() + "\"}}\n  aggregation: {window: 0s}\n");
  }
  TemporaryFolder folder;
};

TEST_F(LiveAlerts, ReachTheirChannel) {
  FakeProvider provider;
  const auto alerts = Alerts::start(config(provider));
  ASSERT_TRUE(alerts) << alerts.error().message;
  EXPECT_TRUE((*alerts)->send_alert(AlertTemplate::kill_switch_activated("pnl", -0.071, -0.05)));
  EXPECT_TRUE((*alerts)->critical("Same", "once", "risk"));
  EXPECT_TRUE((*alerts)->critical("Same", "twice", "risk"));
  EXPECT_TRUE((*alerts)->medium("Feed is slow", "2 s behind", "feed"));
  EXPECT_TRUE((*alerts)->flush(60s));
  ASSERT_TRUE(provider.wait_for(4, 60s)) << provider.got().size();
  std::string all;
  for (const auto& got : provider.got()) all += got.body + "\n";
  for (const char* part :
       {"KillSwitchActivated", "-0.071 has passed the threshold", "once", "twice", "Feed is slow", "desk-1"}) {
    EXPECT_THAT(all, HasSubstr(part));
  }
}

TEST_F(LiveAlerts, AreTriedAgainAndKeptAcrossARestart) {
  FakeProvider provider;
  provider.always({.status = 500});
  {
    const auto alerts = Alerts::start(config(provider));
    ASSERT_TRUE(alerts) << alerts.error().message;
    EXPECT_TRUE((*alerts)->critical("Kill switch tripped", "PnL", "risk"));
    EXPECT_TRUE((*alerts)->flush(60s));
    ASSERT_TRUE(provider.wait_for(1, 60s));
  }
  const std::size_t refused = provider.got().size();
  provider.always({.status = 200});
  const auto alerts = Alerts::start(config(provider));
  ASSERT_TRUE(alerts) << alerts.error().message;
  ASSERT_TRUE(provider.wait_for(refused + 1, 60s));
  const auto got = provider.got();
  EXPECT_THAT(got.back().body, HasSubstr("Kill switch tripped"));
  const auto key = [](const FakeProvider::Got& request) {
    for (const auto& [name, value] : request.headers) {
      if (name == "Idempotency-Key") return value;
    }
    return std::string();
  };
  EXPECT_EQ(key(got.back()), key(got.front()));
}

TEST_F(LiveAlerts, AConfigurationThatIsMissingOrInUseIsAnError) {
  EXPECT_FALSE(Alerts::start(folder.path("nothing.yaml")));
  FakeProvider provider;
  const auto first = Alerts::start(config(provider));
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_FALSE(Alerts::start(config(provider)));
}

}  // namespace
}  // namespace bellwether::test
