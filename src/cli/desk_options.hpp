// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "paper/feed/market.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// What `bellwether desk` and `bellwether demo` were asked for.
struct DeskOptions {
  std::optional<paper::Profile> profile;       ///< none: ticks where there are recordings, else the generator
  std::string data;                            ///< empty: look for it
  std::optional<std::optional<double>> speed;  ///< none: what suits the profile; an empty one: no pace at all
  std::optional<std::chrono::nanoseconds> run_for;
  std::uint16_t port = 8000;
  std::uint64_t seed = 1;
  std::vector<std::string> symbols;
  bool raw_prices = false;  ///< daily equities without their factor files: splits look like losses

  std::string name = "desk";
  std::string directory;  ///< empty: data/<name>
  std::optional<std::uint16_t>
      monitor_port;  ///< a monitor runs beside the desk, in the same directory; 0: any free port
  /// The demo sets its own kill switch so long after the start, to show that it is told; nothing: never.
  std::optional<std::chrono::nanoseconds> show_alert_after;
  std::string state_url;    ///< empty: in the directory
  std::string journal_url;  ///< likewise
};

/// "1", "2.5", "10x", or "max" for no pace at all (an empty optional).
Result<std::optional<double>> parse_speed(const std::string& text);

/// Above 0: "90", "0.5" (seconds), "1500ms", "1h30m".
Result<std::chrono::nanoseconds> parse_time_span(const std::string& text);

/// Upper case; letters, digits and "_-./" only, up to 32 of them.
Result<std::string> parse_symbol(std::string text);

/// The profile to play and the directory of its recordings (empty: the generator).
///
/// `asked` if given; else for ticks BELLWETHER_DATA; else the profile's folder of ../shared/data from here. Without a profile, ticks
/// if there are any, else the generator. An error when a directory that was named is none, or a profile's is not found.
struct ChosenData {
  paper::Profile profile = paper::Profile::generated;
  std::string directory;
};
Result<ChosenData> choose_data(const std::optional<paper::Profile>& profile, const std::string& asked);

}  // namespace cli
BELLWETHER_NAMESPACE_END
