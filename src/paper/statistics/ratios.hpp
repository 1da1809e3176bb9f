// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <optional>
#include <span>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Periods in a year, for returns of days.
inline constexpr double crypto_days_a_year = 365;
inline constexpr double equity_days_a_year = 252;

struct SharpeSettings {
  std::size_t samples = 30;                    ///< the newest so many returns; fewer give nothing
  double periods_a_year = crypto_days_a_year;  ///< what annualises
  double risk_free_rate = 0;                   ///< a year, as a fraction
};

/// Sharpe ratio, annualised: mean(r - rf/A) / stdev(r) * sqrt(A), the deviation with n - 1.
/// W. F. Sharpe, "The Sharpe Ratio", Journal of Portfolio Management 21 (1), 1994.
/// Nothing for fewer than `samples` (or two) returns, without variance, or for settings that are not finite.
std::optional<double> sharpe_ratio(std::span<const double> returns, const SharpeSettings& settings = {});

/// Probabilistic Sharpe ratio: how probable it is, given the length and the shape of the sample, that the true Sharpe
/// ratio is above `benchmark`. Both ratios are per period, not annualised:
///
///     Z[(SR - SR*) sqrt(n - 1) / sqrt(1 - g3 SR + (g4 - 1)/4 SR^2)]
///
/// with SR = mean / stdev (n - 1), g3 skewness and g4 kurtosis (3 = normal) of the population.
/// D. H. Bailey, M. Lopez de Prado, "The Sharpe Ratio Efficient Frontier", Journal of Risk 15 (2), 2012; M. Lopez de
/// Prado, "Advances in Financial Machine Learning", 14.7.2. Uses all returns it is given.
/// Nothing for fewer than three returns, without variance, or where the estimate's variance is not above 0.
std::optional<double> probabilistic_sharpe_ratio(std::span<const double> returns, double benchmark = 0);

}  // namespace paper
BELLWETHER_NAMESPACE_END
