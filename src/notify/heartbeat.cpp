// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/heartbeat.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

rules::Alert missing_heartbeat(const config::HeartbeatConfig& heartbeat, std::int64_t now_ms) {
  rules::Alert alert;
  alert.labels.insert(heartbeat.labels.begin(), heartbeat.labels.end());
  alert.labels["alertname"] = "HeartbeatMissing";
  alert.labels["heartbeat"] = heartbeat.name;
  alert.annotations.insert(heartbeat.annotations.begin(), heartbeat.annotations.end());
  alert.annotations.try_emplace("summary", "No heartbeat of " + heartbeat.name + " for " +
                                               std::to_string(heartbeat.interval.count() / 1000) + " s.");
  alert.starts_ms = now_ms;
  return alert;
}

std::int64_t heartbeat_due_ms(const config::HeartbeatConfig& heartbeat, std::int64_t last_ms, std::int64_t start_ms) {
  const std::int64_t expected = (last_ms == 0 ? start_ms : last_ms) + heartbeat.interval.count();
  return std::max(expected, start_ms) + heartbeat.grace.count();
}

std::vector<const config::WatchdogConfig*> Watchdogs::due(const std::vector<config::WatchdogConfig>& all,
                                                          std::int64_t now_ms, std::int64_t& next_ms) {
  std::vector<const config::WatchdogConfig*> out;
  for (const config::WatchdogConfig& watchdog : all) {
    std::int64_t& next = next_[watchdog.name];
    // Also after the clock was set back.
    if (next <= now_ms || next > now_ms + watchdog.interval.count()) {
      out.push_back(&watchdog);
      next = now_ms + watchdog.interval.count();
    }
    next_ms = std::min(next_ms, next);
  }
  return out;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
