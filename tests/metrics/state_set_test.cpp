// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <bellwether/state_set.hpp>

#include <limits>
#include <string>

#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

using ::testing::HasSubstr;

enum class Session { closed, auction, open };

TEST(StateSet, ExactlyOneStateIsCurrent) {
  Registry registry;
  const StateSet session = registry.state_set("session", "Session.", {"closed", "auction", "open"}).value();
  EXPECT_EQ(test::scraped(registry, R"(session{session="closed"})"), "1") << "the first state, before the first set";
  session.set(Session::open);
  const std::string text = render(registry);
  EXPECT_EQ(test::value_in(text, R"(session{session="closed"})"), "0");
  EXPECT_EQ(test::value_in(text, R"(session{session="auction"})"), "0");
  EXPECT_EQ(test::value_in(text, R"(session{session="open"})"), "1");
  EXPECT_EQ(session.value(), 2U);
}

TEST(StateSet, AStateBeyondTheNamesShowsAllAsZero) {
  Registry registry;
  const StateSet session = registry.state_set("session", "Session.", {"closed", "open"}).value();
  for (const std::uint64_t state : {std::uint64_t{2}, std::numeric_limits<std::uint64_t>::max()}) {
    session.set(state);
    EXPECT_EQ(test::count_of(render(registry), "} 0\n"), 2U);
    EXPECT_EQ(test::count_of(render(registry), "} 1\n"), 0U);
  }
}

TEST(StateSet, FamiliesHaveAStateForEachSeries) {
  Registry registry;
  const auto engine = registry.state_set<"symbol">("engine", "Engines.", {"stopped", "running"}).value();
  engine.at("BTCUSDT").set(1);
  engine.at("ETHUSDT").set(0);
  const std::string text = render(registry);
  EXPECT_EQ(test::value_in(text, R"(engine{symbol="BTCUSDT",engine="running"})"), "1");
  EXPECT_EQ(test::value_in(text, R"(engine{symbol="ETHUSDT",engine="running"})"), "0");
}

TEST(StateSet, WrongStatesAreRefusedInWords) {
  Registry registry;
  const auto message = [&](std::initializer_list<std::string_view> states) {
    return registry.state_set("session", "Session.", states).error().message;
  };
  EXPECT_THAT(message({}), HasSubstr("state set \"session\" needs at least one state"));
  EXPECT_THAT(message({"open", "open"}), HasSubstr("distinct"));
  EXPECT_THAT(message({"open", ""}), HasSubstr("not empty"));
  EXPECT_THAT(message({"open", "\xff"}), HasSubstr("valid UTF-8"));
  EXPECT_THAT((registry.state_set<"session">("session", "Session.", {"open"}).error().message),
              HasSubstr("label of its own name"));
}

TEST(Info, ShowsFactsAsLabelsOfAOne) {
  Registry registry;
  ASSERT_TRUE(registry.info("engine_build", "The build.", {{"version", "1.4.2"}, {"commit", "5f\"3"}}));
  EXPECT_EQ(test::scraped(registry, R"(engine_build_info{version="1.4.2",commit="5f\"3"})"), "1");
  EXPECT_TRUE(registry.info("engine_build", "The build.", {{"version", "1.4.2"}, {"commit", "5f\"3"}}))
      << "the same again";
  EXPECT_EQ(test::count_of(render(registry), "\nengine_build_info"), 1U);
}

TEST(Info, MayHaveNoFacts) {
  Registry registry;
  ASSERT_TRUE(registry.info("engine", "An engine.", {}));
  EXPECT_EQ(test::scraped(registry, "engine_info"), "1");
}

TEST(Info, WrongFactsAreRefusedInWords) {
  Registry registry;
  EXPECT_THAT(registry.info("build", "Build.", {{"version", "1"}, {"version", "2"}}).error().message,
              HasSubstr("the label \"version\" twice"));
  EXPECT_THAT(registry.info("build", "Build.", {{"", "1"}}).error().message, HasSubstr("has no name"));
  EXPECT_THAT(registry.info("build", "Build.", {{"a-b", "1"}}).error().message, HasSubstr("\"a-b\""));
  EXPECT_THAT(registry.info("build", "Build.", {{"__a", "1"}}).error().message, HasSubstr("Prometheus's own"));
}

}  // namespace
}  // namespace bellwether
