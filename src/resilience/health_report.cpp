// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/health_report.hpp>

#include <array>

#include "resilience/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN

std::string_view name_of(HealthStatus status) noexcept {
  constexpr std::array<std::string_view, 3> names{"healthy", "degraded", "unhealthy"};
  return names[static_cast<std::size_t>(status)];
}

std::string HealthReport::json() const {
  using Seconds = std::chrono::duration<double>;
  std::string text = "{\"status\":" + resilience::json_text(name_of(status)) + ",\"checks\":[";
  for (const CheckReport& check : checks) {
    if (text.back() == '}') text += ',';
    text += "{\"name\":" + resilience::json_text(check.name) +
            ",\"status\":" + resilience::json_text(name_of(check.status)) +
            ",\"detail\":" + resilience::json_text(check.detail) +
            ",\"checked_at\":" + resilience::json_number(Seconds(check.checked_at).count()) +
            ",\"took_seconds\":" + resilience::json_number(Seconds(check.took).count()) +
            ",\"failures_in_a_row\":" + std::to_string(check.failures_in_a_row) + '}';
  }
  return text + "]}";
}

BELLWETHER_NAMESPACE_END
