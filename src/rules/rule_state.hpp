// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

enum class AlertPhase : std::uint8_t { inactive, pending, firing };
enum class RuleHealth : std::uint8_t { unknown, good, bad };

/// "inactive", "pending", "firing"; "unknown", "ok", "err": as Prometheus's API names them.
const char* name_of(AlertPhase phase) noexcept;
const char* name_of(RuleHealth health) noexcept;

/// An alert of a rule as it stands. Times are milliseconds since the epoch, 0: not yet.
struct AlertState {
  AlertLabels labels;  ///< without external labels
  AlertLabels annotations;
  AlertPhase phase = AlertPhase::pending;
  double value = 0;
  std::int64_t active_ms = 0;
  std::int64_t fired_ms = 0;
  std::int64_t resolved_ms = 0;
  std::int64_t keep_firing_since_ms = 0;
  bool flapping = false;
};

struct RuleState {
  std::string name;
  bool alerting = false;
  std::string query;  ///< as the printer gives it
  std::chrono::milliseconds hold{0};
  std::chrono::milliseconds keep_firing{0};
  AlertLabels labels;  ///< those of the group among them
  AlertLabels annotations;
  std::vector<AlertState> alerts;  ///< pending and firing ones
  RuleHealth health = RuleHealth::unknown;
  std::string last_error;
  std::int64_t last_evaluation_ms = 0;
  std::chrono::nanoseconds evaluation_time{0};
  bool on_arrival = false;  ///< it runs with each change of its metrics too

  AlertPhase phase() const noexcept;
};

struct GroupState {
  std::string name;
  std::string file;
  std::chrono::milliseconds interval{0};
  std::uint64_t limit = 0;
  std::vector<RuleState> rules;
  std::int64_t last_evaluation_ms = 0;
  std::chrono::nanoseconds evaluation_time{0};
  std::uint64_t missed = 0;  ///< evaluations that fell out since the one before took too long
};

}  // namespace rules
BELLWETHER_NAMESPACE_END
