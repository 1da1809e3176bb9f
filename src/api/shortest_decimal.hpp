// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// digits / 10^decimals, without zeros at the end of the digits.
struct Decimal {
  std::uint64_t digits = 0;
  int decimals = 0;
};

/// The decimal of the fewest digits that reads back as `size`; of several the nearest. The same as std::to_chars finds, in half the
/// time, for what most gauges and rates are: from 1e-6 to 2^53, and not whole. Nothing for powers of two.
std::optional<Decimal> shortest_decimal(double size);

}  // namespace api
BELLWETHER_NAMESPACE_END
