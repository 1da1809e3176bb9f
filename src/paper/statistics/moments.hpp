// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <optional>
#include <span>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Mean and spread of a sample. Every function here and in the headers beside it answers `std::nullopt` where the
/// number does not exist: too few values, a value that is not finite, or no variance where it divides by one. A metric
/// of such a number is left out, never 0: a zero would look like a fact.
///
///     const auto deviation = sample_deviation(returns);
///     if (deviation) gauge.set(*deviation);
///
/// "No variance" means a spread that rounding alone explains: at most 1e-12 of the largest value.
///
/// Threads: any, nothing is kept. Allocation: none, unless a function says so. Two passes over the values.
std::optional<double> mean(std::span<const double> values);

/// Divides by n - 1; needs two values. 0 for values that are all the same.
std::optional<double> sample_deviation(std::span<const double> values);

/// The third and fourth standardised moments of the population (they divide by n); a normal distribution has 0 and 3.
struct Shape {
  double skewness = 0;
  double kurtosis = 3;
};

/// Needs two values and a variance.
std::optional<Shape> shape_of(std::span<const double> values);

/// Cov(x, y) / (sd(x) sd(y)), in [-1, 1]. Both of one length, two values and a variance each.
std::optional<double> correlation(std::span<const double> x, std::span<const double> y);

}  // namespace paper
BELLWETHER_NAMESPACE_END
