// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <chrono>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// "1h30m", "50ms", "0": units y (365 days), w, d, h, m, s, ms, from the largest to the smallest, each at most once.
/// Errors: anything else, and what does not fit (about 292 years).
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// As Prometheus prints it: "1h30m", "50ms", "0s"; weeks and years only where nothing is left over ("90d", not "12w6d").
std::string print_duration(std::chrono::milliseconds duration);

}  // namespace config
BELLWETHER_NAMESPACE_END
