// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <chrono>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
/// `1h30m` as configurations and PromQL write it: whole numbers with the units y, w, d, h, m, s, ms in this order, each at most
/// once; a year has 365 days. `0` needs no unit. Nothing else: no sign, no fraction, no bare number (of seconds; PromQL's parser
/// takes those). Errors also: what does not fit (about 292 years).
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// As Prometheus prints it: `1h30m`, `-5m`, `0s`; weeks and years only where nothing is left over (`90d`, not `12w6d`). Reads back
/// as the same, but for the sign.
std::string format_duration(std::chrono::milliseconds duration);

BELLWETHER_NAMESPACE_END
