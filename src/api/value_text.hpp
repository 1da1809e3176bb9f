// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>

BELLWETHER_NAMESPACE_BEGIN
namespace api {

// Numbers as Prometheus's answers have them. The text has no end mark; what is returned is its end.

/// No text of a value is longer.
constexpr std::size_t longest_value = 26;
/// Room that `write_value` needs: it may write more than it means.
constexpr std::size_t value_room = 48;

/// The fewest digits that read back as `value`; without exponent from 1e-6 to 1e21; "+Inf", "-Inf", "NaN".
///
///     char text[value_room];
///     out.append(text, write_value(text, 0.1));
///
/// What is whole or has at most eight decimals takes less time than the rest.
char* write_value(char* to, double value);

/// Room that `write_time` needs.
constexpr std::size_t longest_time = 24;

/// Milliseconds as seconds: 1435781430.781, 1435781430, 0.005.
char* write_time(char* to, std::int64_t milliseconds);

}  // namespace api
BELLWETHER_NAMESPACE_END
