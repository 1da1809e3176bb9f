// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// What `bellwether demo` was asked for.
struct DemoOptions {
  std::string data;  ///< empty: look for it
  std::optional<double> speed = 1.0;
  std::optional<std::chrono::nanoseconds> run_for;
  std::uint16_t port = 8000;
  std::uint64_t seed = 1;
  std::vector<std::string> symbols;
};

/// "1", "2.5", "10x", or "max" for no pace at all (an empty optional).
Result<std::optional<double>> parse_speed(const std::string& text);

/// "90", "60s", "1500ms", "5m", "1h"; a bare number is seconds.
Result<std::chrono::nanoseconds> parse_duration(const std::string& text);

/// Upper case; letters, digits and "_-./" only, up to 32 of them.
Result<std::string> parse_symbol(std::string text);

/// Where recorded ticks are: `asked` if given, else BELLWETHER_DATA, else ../shared/data/binance_ticks_20240808 from
/// here; empty when none of these is there. An error when one that was named is not a directory.
Result<std::string> find_data(const std::string& asked);

}  // namespace cli
BELLWETHER_NAMESPACE_END
