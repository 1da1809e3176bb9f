// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bellwether/exposition.hpp>
#include <bellwether/registry.hpp>
#include <fstream>
#include <iterator>
#include <levibot/metrics.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace bellwether::levibot {
namespace {

using testing::HasSubstr;
const std::string pack = std::string{BELLWETHER_SOURCE_DIR} + "/packs/levibot/";

std::string text_of(const std::string& path) {
  std::ifstream in{path};
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// All words that begin with levi_. (std::regex would do, but for what g++ 12 warns of in it under the sanitizers.)
std::set<std::string> names_in(const std::string& text) {
  const auto in_name = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  std::set<std::string> names;
  for (auto at = text.find("levi_"); at != std::string::npos; at = text.find("levi_", at + 1)) {
    if (at > 0 && in_name(text[at - 1])) continue;
    auto end = at;
    while (end < text.size() && in_name(text[end])) ++end;
    // side:levi_signals:increase1h is a recording rule's name, not an exported one.
    const bool has_colon =
        (at > 0 && text[at - 1] == ':') || (end + 1 < text.size() && text[end] == ':' && in_name(text[end + 1]));
    if (has_colon) continue;
    names.insert(text.substr(at, end - at));
  }
  return names;
}

class LevibotTest : public testing::Test {
 protected:
  Registry registry;
  Metrics metrics{registry};
  SymbolMetrics btc = metrics.for_symbol("BTCUSDT");
};

TEST_F(LevibotTest, ShowsTheSampleOfTheDocumentToTheLetter) {
  export_engine_health(btc, {EngineStatus::running, 45.23, 1723161254.5, 0});
  EXPECT_THAT(render(registry), HasSubstr("# HELP levi_engine_uptime_seconds Engine uptime in seconds\n"
                                          "# TYPE levi_engine_uptime_seconds gauge\n"
                                          "levi_engine_uptime_seconds{symbol=\"BTCUSDT\"} 45.23\n"));
}

TEST_F(LevibotTest, HasTheTwelveMetricsWithTheirTypes) {
  const std::string text = render(registry);
  const std::vector<std::pair<std::string, std::string>> expected = {{"levi_engine_uptime_seconds", "gauge"},
                                                                     {"levi_engine_last_heartbeat", "gauge"},
                                                                     {"levi_engine_status", "gauge"},
                                                                     {"levi_engine_errors_total", "counter"},
                                                                     {"levi_inference_latency_seconds", "histogram"},
                                                                     {"levi_signal_prob_up", "gauge"},
                                                                     {"levi_signal_confidence", "gauge"},
                                                                     {"levi_signals_total", "counter"},
                                                                     {"levi_equity_now", "gauge"},
                                                                     {"levi_realized_today_pct", "gauge"},
                                                                     {"levi_positions_open", "gauge"},
                                                                     {"levi_global_stop", "gauge"}};
  for (const auto& [name, type] : expected) EXPECT_THAT(text, HasSubstr("# TYPE " + name + " " + type + "\n"));
  EXPECT_THAT(text, HasSubstr("percent of the equity"));
}

TEST_F(LevibotTest, TheLatencyHasTheEdgesAndTheSignalsTheSides) {
  btc.inference_latency.observe(std::chrono::milliseconds{30});
  const std::string text = render(registry);
  for (const char* const edge : {"0.001", "0.005", "0.01", "0.05", "0.1", "0.5", "1", "5", "+Inf"}) {
    EXPECT_THAT(
        text, HasSubstr("levi_inference_latency_seconds_bucket{symbol=\"BTCUSDT\",le=\"" + std::string{edge} + "\"}"));
  }
  EXPECT_THAT(text, HasSubstr("le=\"0.01\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("le=\"0.05\"} 1\n"));
  for (const char* const side : {"long", "short", "flat"}) {
    EXPECT_THAT(text, HasSubstr("levi_signals_total{symbol=\"BTCUSDT\",side=\"" + std::string{side} + "\"} 0\n"));
  }
}

TEST_F(LevibotTest, ExportsSignalsAndRisk) {
  export_signal(btc, 0.61, 0.2, Side::long_side);
  export_signal(btc, 0.4, 0.3, Side::short_side);
  export_signal(btc, 0.5, 0, Side::flat);
  export_signal(btc, 0.62, 0.25, Side::long_side);
  export_risk(metrics, {9'850.5, -1.5, 2, true});
  const std::string text = render(registry);
  EXPECT_THAT(text, HasSubstr("levi_signals_total{symbol=\"BTCUSDT\",side=\"long\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("levi_signals_total{symbol=\"BTCUSDT\",side=\"short\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("levi_signal_prob_up{symbol=\"BTCUSDT\"} 0.62\n"));
  EXPECT_THAT(text, HasSubstr("levi_signal_confidence{symbol=\"BTCUSDT\"} 0.25\n"));
  EXPECT_THAT(text, HasSubstr("levi_equity_now 9850.5\n"));
  EXPECT_THAT(text, HasSubstr("levi_realized_today_pct -1.5\n"));
  EXPECT_THAT(text, HasSubstr("levi_positions_open 2\n"));
  EXPECT_THAT(text, HasSubstr("levi_global_stop 1\n"));
}

TEST_F(LevibotTest, ErrorsAreExportedAsWhatIsNew) {
  export_engine_health(btc, {EngineStatus::running, 1, 1, 3});
  export_engine_health(btc, {EngineStatus::crashed, 0, 1, 4});
  EXPECT_EQ(btc.errors.value(), 4U);
  export_engine_health(btc, {EngineStatus::running, 1, 2, 1});
  EXPECT_EQ(btc.errors.value(), 5U) << "the engine's own count began anew";
  EXPECT_EQ(btc.status.value(), 1);
}

TEST_F(LevibotTest, ASecondPackOnTheSameRegistryIsTheSame) {
  Metrics again{registry};
  again.for_symbol("BTCUSDT").errors.inc();
  EXPECT_EQ(btc.errors.value(), 1U);
}

TEST_F(LevibotTest, EveryNameInRulesDashboardAndTextsExists) {
  const std::set<std::string> exported = names_in(render(registry));
  EXPECT_GE(exported.size(), 12U);
  for (const char* const file : {"rules/levibot.yml", "rules/tests/levibot_test.yml", "dashboards/levibot.json",
                                 "README.md", "runbooks/levibot.md"}) {
    for (const std::string& name : names_in(text_of(pack + file))) {
      EXPECT_TRUE(exported.contains(name)) << file << " names " << name;
    }
  }
}

TEST_F(LevibotTest, TheDashboardHasItsEightPanelsAndEveryRuleItsTexts) {
  const std::string dashboard = text_of(pack + "dashboards/levibot.json");
  for (const char* const title : {"Equity", "PnL", "Stop", "Latency", "Signals", "Status", "Positions", "Errors"}) {
    EXPECT_THAT(dashboard, HasSubstr("\"title\": \"" + std::string{title} + "\""));
  }
  EXPECT_THAT(dashboard, HasSubstr("\"refresh\": \"5s\""));

  const std::string rules = text_of(pack + "rules/levibot.yml");
  const std::string runbook = text_of(pack + "runbooks/levibot.md");
  for (const char* const alert : {"GlobalStopActive", "EngineCrashed", "HighErrorRate", "InferenceLatencySpike"}) {
    const auto at = rules.find("- alert: " + std::string{alert});
    ASSERT_NE(at, std::string::npos) << alert;
    const std::string rule = rules.substr(at, rules.find("- alert:", at + 1) - at);
    for (const char* const part : {"severity:", "summary:", "description:", "runbook_url:"}) {
      EXPECT_THAT(rule, HasSubstr(part)) << alert;
    }
    EXPECT_THAT(runbook, HasSubstr("## " + std::string{alert})) << "the runbook has a section for it";
  }
}

}  // namespace
}  // namespace bellwether::levibot
