// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <optional>
#include <span>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What most statistics start from: the mean, and the sum of squares around it.
struct Spread {
  std::size_t count = 0;
  double mean = 0;
  double squares = 0;  ///< sum of (x - mean)^2
  double largest = 0;  ///< of |x|

  /// Rounding alone explains the spread.
  bool is_constant() const noexcept;
};

/// Nothing without values, for one that is not finite, or where they are too large to add up.
std::optional<Spread> spread_of(std::span<const double> values);

/// Sum of (x - mean(x)) (y - mean(y)); as many of each.
double joint_spread(std::span<const double> x, const Spread& of_x, std::span<const double> y, const Spread& of_y);

}  // namespace paper
BELLWETHER_NAMESPACE_END
