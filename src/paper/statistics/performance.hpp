// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <optional>

#include "paper/statistics/ratios.hpp"
#include "paper/statistics/risk_measures.hpp"
#include "paper/statistics/rolling_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// A period is what the caller closes: a day (UTC for crypto, session close for equities), or a minute of a short replay.
struct PerformanceSettings {
  double periods_a_year = crypto_days_a_year;
  double risk_free_rate = 0;  ///< a year
  std::size_t short_sharpe_samples = 30;
  std::size_t long_sharpe_samples = 90;
  std::size_t psr_samples = 90;  ///< at most; the PSR is there from `psr_minimum` on
  std::size_t psr_minimum = 60;
  std::size_t volatility_samples = 30;
  std::size_t beta_samples = 90;
  std::size_t tail_samples = 250;
};

/// All as S4.M06 to M20 want it; absent what is not defined yet. Fractions.
struct PerformanceFigures {
  std::optional<double> pnl_cumulative;  ///< equity / start - 1
  std::optional<double> pnl_daily;       ///< equity / day's start - 1
  std::optional<double> sharpe_short;    ///< the "30d"
  std::optional<double> sharpe_long;     ///< the "90d"
  std::optional<double> psr;             ///< against a Sharpe ratio of 0
  std::optional<double> drawdown_current;
  std::optional<double> drawdown_historical;
  std::optional<double> volatility;
  std::optional<double> beta;
  std::optional<double> value_at_risk;  ///< 95 %
  std::optional<double> expected_shortfall;
  std::size_t sharpe_samples = 0;  ///< returns so far, at most `long_sharpe_samples`
};

/// The desk's performance: equity at each close becomes a return, and the windows of returns become figures.
///
///     PerformanceStatistics performance{10'000};
///     performance.observe(book.equity());                       // with each good mark: PnL and drawdown
///     performance.close_period(book.equity(), bitcoin_price);   // at the day boundary: all the rest
///     performance.start_day(book.equity());                     // where a day is more than one period
///
/// A close costs work in proportion to the windows (some microseconds), never to the history; `observe` is O(1).
/// A benchmark that is missing at a close leaves a hole in neither series: the next pair of returns spans both periods.
///
/// Threads: use from one. Allocation: in the constructor, and a copy of the tail's window at each close.
/// The constructor throws `Exception` for a start equity or settings that are not finite and above 0.
class PerformanceStatistics {
 public:
  explicit PerformanceStatistics(double start_equity, const PerformanceSettings& settings = {});

  /// Equity now. Give it good marks alone: a drawdown seen once stays in the history. False (and nothing changes) for a
  /// number that is not finite.
  bool observe(double equity);

  /// A period ends with this equity; a new day begins with it, too. False (and nothing changes) for an equity that is not
  /// finite and above 0; the next return then spans both periods. `benchmark`: price of SPY or BTCUSDT, if there is one.
  bool close_period(double equity, std::optional<double> benchmark = std::nullopt);

  /// As `close_period`, for periods shorter than a day: the daily PnL goes on.
  bool close_short_period(double equity, std::optional<double> benchmark = std::nullopt);

  /// A new day begins with this equity. False for one that is not finite and above 0.
  bool start_day(double equity);

  const PerformanceFigures& figures() const noexcept { return figures_; }
  const RollingWindow& returns() const noexcept { return returns_; }

 private:
  void compare_with(double equity, double benchmark);
  void refresh();

  PerformanceSettings settings_;
  double start_equity_;
  double day_start_equity_;
  double last_close_;
  double last_paired_close_;
  std::optional<double> last_benchmark_;
  RollingWindow returns_;
  RollingWindow paired_returns_;
  RollingWindow benchmark_returns_;
  Drawdown drawdown_;
  PerformanceFigures figures_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
