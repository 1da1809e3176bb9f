// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// Not a number, with the bits that Prometheus stores for an ordinary NaN (0x7ff8000000000001): a stale marker differs.
double plain_nan() noexcept;

/// A sample's value, in exactly the spellings that Prometheus takes: decimal with optional sign, fraction and exponent
/// ("+1", ".5", "5.", "1e-7"), and in any case of letters "NaN" (no sign), "Inf" and "Infinity" (any sign).
/// Refused: hexadecimal ("0x1p3"), underscores ("1_000"), the empty string, blanks, and what overflows ("1e999"; write
/// +Inf). What underflows is zero. Correctly rounded. Never allocates.
std::optional<double> read_value(std::string_view text) noexcept;

/// A timestamp of text 0.0.4: whole milliseconds, optional minus sign.
std::optional<std::int64_t> read_milliseconds(std::string_view text) noexcept;

/// A timestamp of OpenMetrics: seconds in any spelling of read_value but NaN and the infinities, to the nearest
/// millisecond.
std::optional<std::int64_t> read_seconds_as_milliseconds(std::string_view text) noexcept;

/// The value of `le` and `quantile` as OpenMetrics and Prometheus 3 spell it: shortest, with ".0" on whole numbers
/// ("1.0", "0.25", "1e+06", "+Inf"). Replaces what `out` holds.
void write_bound(double bound, std::string& out);

}  // namespace exposition
BELLWETHER_NAMESPACE_END
