// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/desk_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr double longest_cycle_seconds = 30;
constexpr double longest_silence_seconds = 60;
constexpr double least_completeness = 0.95;

}  // namespace

HealthResult check_engines(const DeskSnapshot& now, const DeskSnapshot& before) {
  const bool market_moves = now.events > before.events;
  std::string crashed;
  for (const BotView& bot : now.bots) {
    if (bot.health.status == EngineStatus::crashed) crashed += (crashed.empty() ? "" : ", ") + bot.symbol;
    if (bot.health.status != EngineStatus::running || !market_moves) continue;
    const double began = now.wall_seconds - bot.health.uptime_seconds;
    const double last = std::max(bot.health.last_heartbeat_seconds, began);
    if (now.wall_seconds - last > longest_cycle_seconds) {
      return {HealthStatus::unhealthy,
              fmt::format("{} has completed no cycle for {:.0f} s", bot.symbol, now.wall_seconds - last)};
    }
  }
  if (!crashed.empty()) return {HealthStatus::degraded, "crashed: " + crashed};
  return {};
}

HealthResult check_venue(const DeskSnapshot& now) {
  if (now.venue.connected) return {};
  return {HealthStatus::unhealthy, "no session with the venue"};
}

HealthResult check_market_data(const DeskSnapshot& now) {
  if (now.feed.staleness_seconds > longest_silence_seconds) {
    return {HealthStatus::unhealthy, fmt::format("a stream is silent for {:.0f} s", now.feed.staleness_seconds)};
  }
  if (now.feed.completeness < least_completeness) {
    return {HealthStatus::degraded, fmt::format("only {:.1f} % of the messages came", 100 * now.feed.completeness)};
  }
  return {};
}

HealthResult check_kill_switches(const DeskSnapshot& now) {
  if (now.risk.latched.empty()) return {};
  return {HealthStatus::degraded, now.risk.latched.front().message};
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
