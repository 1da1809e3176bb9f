// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <cstdint>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// `1h30m` in milliseconds: whole numbers with the units y, w, d, h, m, s, ms in this order, each at most once; a year
/// has 365 days. `0` needs no unit. Nothing else: no sign, no fraction, no bare number (of seconds; the parser takes those).
Result<std::int64_t> parse_duration(std::string_view text);

/// `1h30m`, `90d`, `-5m`, `0s`: reads back as the same, but for the sign.
std::string format_duration(std::int64_t milliseconds);

}  // namespace promql
BELLWETHER_NAMESPACE_END
