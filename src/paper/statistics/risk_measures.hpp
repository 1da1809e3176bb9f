// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <optional>
#include <span>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct TailRisk {
  double value_at_risk = 0;       ///< a loss as a positive fraction; below 0 where even the tail gains
  double expected_shortfall = 0;  ///< the mean loss in the tail (CVaR); never below the VaR
};

/// Historical simulation: of the n sorted returns x, k = ceil(tail n); VaR = -x[k], CVaR = -mean(x[1..k]).
/// P. Jorion, "Value at Risk", ch. 10 (historical simulation); C. Acerbi, D. Tasche, "On the coherence of expected
/// shortfall", Journal of Banking & Finance 26, 2002. Uses all returns it is given; the desk gives it the last 250.
/// Nothing without returns or with a tail outside (0, 1). Allocates a copy of the returns.
std::optional<TailRisk> tail_risk(std::span<const double> returns, double tail = 0.05);

/// Annualised: stdev (n - 1) of all returns it is given, times sqrt(periods a year). Needs two; 0 where none differs.
std::optional<double> volatility(std::span<const double> returns, double periods_a_year);

/// cov(r, b) / var(b), of returns of the same periods; both of one length. The slope of the market model:
/// W. F. Sharpe, "A Simplified Model for Portfolio Analysis", Management Science 9 (2), 1963.
std::optional<double> beta(std::span<const double> returns, std::span<const double> benchmark_returns);

/// How far a value is below its highest so far: 1 - E / max(E), and the largest of these.
///
/// Threads: use from one. Allocation: none.
class Drawdown {
 public:
  /// False and nothing changes for a value that is not finite, or for one not above 0 before there is a peak.
  bool add(double value);

  /// The present value becomes the peak; the historical drawdown stays.
  void restart_from(double value);

  std::optional<double> current() const;
  std::optional<double> historical() const;
  std::optional<double> peak() const;

 private:
  double peak_ = 0;
  double current_ = 0;
  double historical_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
