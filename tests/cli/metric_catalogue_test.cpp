// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/metric_catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace bellwether::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string root = BELLWETHER_SOURCE_DIR;

std::string text_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>{in}, {}};
}

const CatalogueEntry& entry(const std::vector<CatalogueEntry>& entries, std::string_view name) {
  static const CatalogueEntry none;
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.name == name; });
  EXPECT_NE(found, entries.end()) << name;
  return found == entries.end() ? none : *found;
}

TEST(MetricCatalogue, KnowsEveryFolderOfPacks) {
  std::set<std::string> folders;
  for (const auto& found : std::filesystem::directory_iterator{root + "/packs"}) {
    if (std::filesystem::exists(found.path() / "metrics.hpp")) folders.insert(found.path().filename());
  }
  EXPECT_THAT(pack_names(), testing::ElementsAreArray(folders));
}

TEST(MetricCatalogue, HasTypesLabelsUnitsAndEdges) {
  const auto bots = catalogue_of("trading-bots").value();
  EXPECT_EQ(entry(bots, "trading_bot_trades_total").type, "counter");
  EXPECT_EQ(entry(bots, "trading_bot_trades_total").labels, "bot_id, symbol, side, status");
  EXPECT_EQ(entry(bots, "trading_bot_pnl_usd").unit, "US dollars");
  EXPECT_THAT(entry(bots, "market_data_lag_seconds").help, HasSubstr("(edges 0.01 0.05 0.1 0.5 1 2 5 10)"));
  const auto automation = catalogue_of("automation").value();
  EXPECT_EQ(entry(automation, "process_cpu_seconds_total").type, "counter") << "collectors' metrics too";
  EXPECT_EQ(entry(automation, "process_cpu_seconds_total").unit, "seconds");
  const auto algo = catalogue_of("algo-trade").value();
  EXPECT_EQ(entry(algo, "algo_trade_profit_factor").unit, "ratio") << "what is absent until recorded too";
  EXPECT_THAT(entry(catalogue_of("desk").value(), "tick_to_trade_latency_native_seconds").help, HasSubstr("native"));
}

TEST(MetricCatalogue, HoldsThe122MetricsOfTheDocuments) {
  // S0 to S4: 12 + 32 + 13 + 17 + 48. What the packs have beside them is named here.
  const std::set<std::string> ours = {"circuit_breaker_rejected_calls_total",
                                      "market_data_negative_lag_total",
                                      "algo_trade_ibkr_connected",
                                      "algo_trade_gross_exposure_limit",
                                      "algo_trade_net_exposure_limit",
                                      "process_virtual_memory_bytes",
                                      "process_virtual_memory_max_bytes",
                                      "process_open_fds",
                                      "process_max_fds",
                                      "process_start_time_seconds",
                                      "process_threads"};
  std::set<std::string> names;
  for (const std::string& pack : pack_names()) {
    if (pack == "desk") continue;
    const auto entries = catalogue_of(pack).value();
    for (const CatalogueEntry& found : entries) names.insert(found.name);
  }
  for (const std::string& name : ours) EXPECT_EQ(names.erase(name), 1U) << name;
  EXPECT_EQ(names.size(), 122U);
}

TEST(MetricCatalogue, AnUnknownPackIsAnErrorThatNamesTheKnownOnes) {
  const auto unknown = catalogue_of("levi");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, AllOf(HasSubstr("\"levi\""), HasSubstr("levibot"), HasSubstr("desk")));
}

TEST(MetricCatalogue, TheManualsPagesSayWhatThePacksRegister) {
  for (const std::string& pack : pack_names()) {
    const std::string path = root + "/docs/packs/" + pack + ".md";
    const std::string page = text_of(path);
    const auto wanted = page_with_table(page, markdown_table(catalogue_of(pack).value()));
    ASSERT_TRUE(wanted) << path << ": " << wanted.error().message;
    EXPECT_THAT(first_difference(page, *wanted), IsEmpty())
        << path << "\nrun: bellwether metrics --update docs/packs/" << pack << ".md";
  }
}

TEST(MetricCatalogue, TheManualAndTheReadmeShowTheExamplesToTheLetter) {
  for (const std::string& pack : pack_names()) {
    std::string example = text_of(root + "/examples/" + pack + ".cpp");
    example = example.substr(example.find('\n') + 1);  // without the licence
    EXPECT_THAT(text_of(root + "/docs/packs/" + pack + ".md"), HasSubstr("```cpp\n" + example + "```\n")) << pack;
    if (pack == "levibot") continue;  // its README shows how to run the demo
    EXPECT_THAT(text_of(root + "/packs/" + pack + "/README.md"), HasSubstr("```cpp\n" + example + "```\n")) << pack;
  }
}

TEST(MetricCatalogue, ABarInAHelpTextDoesNotEndItsCell) {
  EXPECT_THAT(markdown_table({{"x", "gauge", "", "", "sum|q|"}}), HasSubstr("sum\\|q\\|"));
}

TEST(PageTable, GoesBetweenTheMarkersAndLeavesTheRest) {
  const std::string page = "before\n<!-- metrics:begin -->\nold\n<!-- metrics:end -->\nafter\n";
  const std::string expected = "before\n<!-- metrics:begin -->\nnew\n<!-- metrics:end -->\nafter\n";
  EXPECT_EQ(page_with_table(page, "new\n").value(), expected);
  EXPECT_EQ(page_with_table(expected, "new\n").value(), expected);
  for (const char* const wrong :
       {"", "no markers", "<!-- metrics:begin -->", "<!-- metrics:end --><!-- metrics:begin -->"})
    EXPECT_FALSE(page_with_table(wrong, "new\n")) << wrong;
}

TEST(PageTable, TheFirstDifferenceIsNamedWithItsLine) {
  EXPECT_THAT(first_difference("a\nb\n", "a\nb\n"), IsEmpty());
  EXPECT_THAT(first_difference("a\nb\n", "a\nc\n"), AllOf(HasSubstr("line 2"), HasSubstr(" b\n"), HasSubstr(" c")));
  EXPECT_THAT(first_difference("a\n", "a\nb\n"), AllOf(HasSubstr("line 2"), HasSubstr("(nothing)\n"), HasSubstr(" b")));
  EXPECT_THAT(first_difference("a\nb\n", "a\n"), AllOf(HasSubstr(" b\n"), HasSubstr("(nothing)")));
  EXPECT_THAT(first_difference("a\n\n", "a\n"), HasSubstr("line 2"));
}

}  // namespace
}  // namespace bellwether::cli
