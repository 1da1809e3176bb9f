// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/statistics/performance.hpp"

#include <algorithm>
#include <bellwether/result.hpp>
#include <cmath>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

bool is_amount(double value) {
  return std::isfinite(value) && value > 0;
}

double checked_start(double equity) {
  if (!is_amount(equity)) {
    throw Exception(Error{"performance: start equity " + std::to_string(equity) + " must be finite and above 0"});
  }
  return equity;
}

PerformanceSettings checked(const PerformanceSettings& settings) {
  const char* problem = nullptr;
  if (!is_amount(settings.periods_a_year)) problem = "periods_a_year must be finite and above 0, e.g. 365 or 252";
  if (!std::isfinite(settings.risk_free_rate)) problem = "risk_free_rate must be finite, e.g. 0.04";
  const std::size_t shortest = std::min({settings.short_sharpe_samples, settings.long_sharpe_samples,
                                         settings.volatility_samples, settings.beta_samples, settings.tail_samples});
  if (shortest < 2) problem = "windows must hold two returns or more";
  if (settings.psr_minimum < 3 || settings.psr_minimum > settings.psr_samples) {
    problem = "psr_minimum must be 3 or more and at most psr_samples";
  }
  if (problem != nullptr) throw Exception(Error{std::string("performance: ") + problem});
  return settings;
}

std::size_t longest_window(const PerformanceSettings& settings) {
  return std::max({settings.short_sharpe_samples, settings.long_sharpe_samples, settings.psr_samples,
                   settings.volatility_samples, settings.tail_samples});
}

}  // namespace

PerformanceStatistics::PerformanceStatistics(double start_equity, const PerformanceSettings& settings)
    : settings_(checked(settings)),
      start_equity_(checked_start(start_equity)),
      day_start_equity_(start_equity),
      last_close_(start_equity),
      last_paired_close_(start_equity),
      returns_(longest_window(settings)),
      paired_returns_(settings.beta_samples),
      benchmark_returns_(settings.beta_samples) {
  observe(start_equity);
}

bool PerformanceStatistics::observe(double equity) {
  if (!std::isfinite(equity)) return false;
  drawdown_.add(equity);
  figures_.pnl_cumulative = equity / start_equity_ - 1;
  figures_.pnl_daily = equity / day_start_equity_ - 1;
  figures_.drawdown_current = drawdown_.current();
  figures_.drawdown_historical = drawdown_.historical();
  return true;
}

bool PerformanceStatistics::start_day(double equity) {
  if (!is_amount(equity)) return false;
  day_start_equity_ = equity;
  return observe(equity);
}

bool PerformanceStatistics::close_period(double equity, std::optional<double> benchmark) {
  return close_short_period(equity, benchmark) && start_day(equity);
}

bool PerformanceStatistics::close_short_period(double equity, std::optional<double> benchmark) {
  if (!is_amount(equity)) return false;
  observe(equity);
  returns_.add(equity / last_close_ - 1);
  last_close_ = equity;
  if (benchmark && is_amount(*benchmark)) compare_with(equity, *benchmark);
  refresh();
  return true;
}

void PerformanceStatistics::compare_with(double equity, double benchmark) {
  if (last_benchmark_) {
    paired_returns_.add(equity / last_paired_close_ - 1);
    benchmark_returns_.add(benchmark / *last_benchmark_ - 1);
  }
  last_paired_close_ = equity;
  last_benchmark_ = benchmark;
}

void PerformanceStatistics::refresh() {
  const auto sharpe_over = [this](std::size_t samples) {
    return sharpe_ratio(
        returns_.all(),
        {.samples = samples, .periods_a_year = settings_.periods_a_year, .risk_free_rate = settings_.risk_free_rate});
  };
  figures_.sharpe_short = sharpe_over(settings_.short_sharpe_samples);
  figures_.sharpe_long = sharpe_over(settings_.long_sharpe_samples);
  figures_.sharpe_samples = std::min(returns_.filled(), settings_.long_sharpe_samples);

  const auto of_psr = returns_.newest(settings_.psr_samples);
  figures_.psr = of_psr.size() < settings_.psr_minimum ? std::nullopt : probabilistic_sharpe_ratio(of_psr);

  const auto of_volatility = returns_.newest(settings_.volatility_samples);
  figures_.volatility = of_volatility.size() < settings_.volatility_samples
                            ? std::nullopt
                            : volatility(of_volatility, settings_.periods_a_year);

  figures_.beta =
      paired_returns_.full() ? beta(paired_returns_.all(), benchmark_returns_.all()) : std::optional<double>{};

  const auto of_tail = returns_.newest(settings_.tail_samples);
  const auto tail = of_tail.size() < settings_.tail_samples ? std::nullopt : tail_risk(of_tail);
  figures_.value_at_risk = tail ? std::optional{tail->value_at_risk} : std::nullopt;
  figures_.expected_shortfall = tail ? std::optional{tail->expected_shortfall} : std::nullopt;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
