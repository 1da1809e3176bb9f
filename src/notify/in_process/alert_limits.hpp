// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/alerts.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// An alert of a process, or a summary of several.
struct ProcessAlert {
  AlertSeverity severity = AlertSeverity::info;
  std::int64_t at_ms = 0;
  std::string name;
  std::string title;
  std::string message;
  std::string component;
  std::string runbook_url;
  std::string value;
  std::uint64_t stands_for = 1;  ///< of a summary: how many alerts
};

struct AlertLimitSettings {
  std::uint64_t max_alerts = 10;  ///< of one severity within `rate_window`; 0: no limit
  std::chrono::milliseconds rate_window{300'000};
  std::chrono::milliseconds bundle_window{60'000};        ///< 0: none are bundled
  std::array<bool, 4> bundled{false, false, true, true};  ///< by severity; critical never is
  std::chrono::milliseconds duplicate_window{600'000};    ///< 0: none are taken for the same

  friend bool operator==(const AlertLimitSettings&, const AlertLimitSettings&) = default;
};

enum class HeldBack : std::uint8_t { duplicate, bundled, rate_limit };

/// Keeps people from being flooded, and tells them how much was kept from them. Critical alerts pass, whatever happens.
///
/// - The same severity, name and component within the duplicate window: counted; when it ends, one alert says how many.
/// - Bundled severities: one message for all of a window, when it ends.
/// - More than `max_alerts` of a severity in a window: counted; when it ends, one alert says how many of which.
///
/// All windows end by the clock. Memory: at most 10,000 different alerts are told apart; beyond it new ones are no duplicates.
/// Threads: one. No time but what it is given.
class AlertLimits {
 public:
  explicit AlertLimits(AlertLimitSettings settings) : settings_(settings) {}

  /// What is to be told now.
  std::vector<ProcessAlert> take(ProcessAlert alert);
  /// What windows that have ended leave to be told.
  std::vector<ProcessAlert> due(std::int64_t now_ms);
  /// The same of all windows, ended or not: before the process ends.
  std::vector<ProcessAlert> finish(std::int64_t now_ms);

  /// Held back so far, counted in summaries.
  std::uint64_t held_back(AlertSeverity severity, HeldBack why) const noexcept {
    return held_back_[static_cast<std::size_t>(severity)][static_cast<std::size_t>(why)];
  }

 private:
  struct Repeats {
    ProcessAlert last;
    std::int64_t ends_ms = 0;
    std::uint64_t count = 0;
  };
  struct Bundle {
    std::int64_t ends_ms = 0;
    std::uint64_t count = 0;
    std::vector<ProcessAlert> alerts;
  };
  struct Rate {
    std::int64_t ends_ms = 0;
    std::uint64_t told = 0;
    std::uint64_t count = 0;
    std::map<std::string, std::uint64_t> held;
  };

  void count(AlertSeverity severity, HeldBack why) noexcept {
    ++held_back_[static_cast<std::size_t>(severity)][static_cast<std::size_t>(why)];
  }
  void rate(ProcessAlert alert, std::int64_t now_ms, std::vector<ProcessAlert>& told);
  void end_windows(std::int64_t now_ms, bool all, std::vector<ProcessAlert>& told);

  AlertLimitSettings settings_;
  std::map<std::string, Repeats> repeats_;
  std::array<std::optional<Bundle>, 4> bundles_;
  std::array<Rate, 4> rates_;
  std::array<std::array<std::uint64_t, 3>, 4> held_back_{};
};

/// "P0", "P1", "P2", "INFO".
std::string_view severity_text(AlertSeverity severity) noexcept;

}  // namespace notify
BELLWETHER_NAMESPACE_END
