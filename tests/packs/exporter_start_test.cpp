// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// With real sockets on loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algo-trade/exporter.hpp>
#include <bellwether/exposition.hpp>
#include <peak-trade/exporter.hpp>
#include <peak-trade/metrics.hpp>
#include <thread>

namespace bellwether {
namespace {

using testing::HasSubstr;

TEST(PeakTradeExporter, StartsWhereItIsToldAndSaysWhenThePortIsTaken) {
  Registry registry;
  const peak_trade::Metrics metrics{registry};
  EXPECT_EQ(peak_trade::default_port, 8000);
  const Result<Exporter> exporter = peak_trade::start(registry, {.port = 0});
  ASSERT_TRUE(exporter) << exporter.error().message;
  EXPECT_NE(exporter->port(), 0);
  const Result<Exporter> second = peak_trade::start(registry, {.port = exporter->port()});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(exporter->port())));
}

TEST(AlgoTradeExporter, IsOneForTheProcessAndAPortInUseIsAnErrorThatPasses) {
  Registry other;
  std::uint16_t taken = 0;
  {
    const Result<Exporter> blocker = Exporter::start(other, {.port = 0});
    ASSERT_TRUE(blocker) << blocker.error().message;
    taken = blocker->port();
    const auto refused = algo_trade::get_metrics_exporter(taken);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr(std::to_string(taken)));
  }
  const auto first = algo_trade::get_metrics_exporter(0);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_NE((*first)->port(), 0);

  std::vector<algo_trade::MetricsExporter*> seen(4);
  std::vector<std::thread> threads;
  for (auto& one : seen) threads.emplace_back([&one] { one = algo_trade::get_metrics_exporter(9).value(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(seen, testing::Each(*first)) << "the first port holds";

  algo_trade::record_pnl((*first)->metrics(), -0.012);
  EXPECT_THAT(render((*first)->registry()), HasSubstr("algo_trade_pnl_cumulative -0.012\n"));
}

}  // namespace
}  // namespace bellwether
