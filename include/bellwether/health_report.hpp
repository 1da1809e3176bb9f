// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN

/// From best to worst.
enum class HealthStatus : std::uint8_t {
  healthy,
  degraded,   ///< works, but not as it should: somebody should look, traffic may still come
  unhealthy,  ///< does not work
};

std::string_view BELLWETHER_API name_of(HealthStatus status) noexcept;

/// What one check says.
struct HealthResult {
  HealthStatus status = HealthStatus::healthy;
  std::string detail = {};  ///< for people: "last cycle 0.2 s ago", "connection refused"
};

/// Who asks.
enum class HealthProbe : std::uint8_t {
  live,     ///< should the process be restarted? Must not depend on other machines
  ready,    ///< should it get work? May
  started,  ///< has it come up? Once yes, always yes
};

/// One check in a report.
struct CheckReport {
  std::string name;
  HealthStatus status;
  std::string detail;
  std::chrono::nanoseconds checked_at;  ///< wall time since the Unix epoch; 0: never yet
  std::chrono::nanoseconds took;
  unsigned failures_in_a_row;
};

struct HealthReport {
  HealthStatus status;  ///< the worst; a check that is not critical counts as degraded at most
  std::vector<CheckReport> checks;

  /// 200, or 503 if unhealthy.
  int http_status() const noexcept { return status == HealthStatus::unhealthy ? 503 : 200; }
  /// {"status":"degraded","checks":[{"name":"redis","status":"unhealthy","detail":"…","checked_at":1723161254.5,
  /// "took_seconds":0.002,"failures_in_a_row":3}]}
  BELLWETHER_API std::string json() const;
};

BELLWETHER_NAMESPACE_END
