// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/summary_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

using paper::BotView;
using paper::EngineStatus;

constexpr double heartbeat_is_old = 10;  ///< seconds; the slowest recorded stream is never silent that long

/// Without the minus of a loss that rounds to nothing.
double rounded_percent(double percent) {
  return std::abs(percent) < 0.005 ? 0 : percent;
}

struct Totals {
  int running = 0;
  std::uint64_t errors = 0;
  double uptime = 0;
};

Totals totals_of(const std::vector<BotView>& engines) {
  Totals totals;
  for (const BotView& engine : engines) {
    totals.errors += engine.health.errors;
    if (engine.health.status != EngineStatus::running) continue;
    const double uptime = engine.health.uptime_seconds;
    totals.uptime = totals.running == 0 ? uptime : std::min(totals.uptime, uptime);
    ++totals.running;
  }
  return totals;
}

std::string_view text_of(EngineStatus status) noexcept {
  switch (status) {
    case EngineStatus::stopped:
      return "stopped";
    case EngineStatus::running:
      return "running";
    case EngineStatus::crashed:
      return "CRASHED";
  }
  return "?";
}

std::string painted(std::string text, std::string_view code, bool colour) {
  return colour && !code.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

std::string_view colour_of(EngineStatus status) noexcept {
  switch (status) {
    case EngineStatus::stopped:
      return "33";
    case EngineStatus::running:
      return "32";
    case EngineStatus::crashed:
      return "1;31";
  }
  return "";
}

std::string heartbeat_text(const BotView& engine, double now) {
  if (engine.health.last_heartbeat_seconds <= 0) return "never";
  return fmt::format("{:.1f}s ago", std::max(0.0, now - engine.health.last_heartbeat_seconds));
}

std::string engine_line(const BotView& engine, double now, bool colour) {
  const bool running = engine.health.status == EngineStatus::running;
  const bool old = running && engine.health.last_heartbeat_seconds > 0 &&
                   now - engine.health.last_heartbeat_seconds > heartbeat_is_old;
  return fmt::format(
      "{:<12.12} {} {:>9.1f}s {} {:>5} {:>12.2f} {:<5} {:>7.1f}% {:>6.1f}%", engine.symbol,
      painted(fmt::format("{:<8}", text_of(engine.health.status)), colour_of(engine.health.status), colour),
      engine.health.uptime_seconds,
      painted(fmt::format("{:>12}", heartbeat_text(engine, now)), old ? "31" : "", colour), engine.health.errors,
      engine.mid, name(engine.side), 100 * engine.prediction.prob_up, 100 * engine.prediction.confidence);
}

}  // namespace

std::string utc_text(paper::SimTime time) {
  if (time == 0) return "-";
  return fmt::format("{:%Y-%m-%d %H:%M:%S}",
                     fmt::gmtime(static_cast<std::time_t>(time / paper::nanoseconds_per_second)));
}

std::string plain_line(const SummaryView& view) {
  const Totals totals = totals_of(view.desk.bots);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(view.elapsed).count();
  return fmt::format("[{:>3}s] running={}/{} uptime={:.1f}s errs={} equity=${:.2f} pnl={:+.2f}% pos={}{}", seconds,
                     totals.running, view.desk.bots.size(), totals.uptime, totals.errors, view.desk.portfolio.equity,
                     rounded_percent(view.desk.portfolio.realized_today_percent), view.desk.portfolio.positions_open,
                     view.desk.risk.global_stop ? " GLOBAL STOP" : "");
}

std::vector<std::string> screen_lines(const SummaryView& view, bool colour) {
  std::vector<std::string> lines;
  lines.push_back(painted(fmt::format("{:<12} {:<8} {:>10} {:>12} {:>5} {:>12} {:<5} {:>8} {:>7}", "SYMBOL", "STATUS",
                                      "UPTIME", "HEARTBEAT", "ERRS", "MID", "SIDE", "PROB UP", "CONF"),
                          "2", colour));
  for (const BotView& engine : view.desk.bots) lines.push_back(engine_line(engine, view.desk.wall_seconds, colour));
  lines.push_back(fmt::format("market {} UTC, {} events, {:.0f}/s", utc_text(view.desk.sim_time), view.desk.events,
                              view.events_per_second));
  lines.push_back(plain_line(view));
  if (view.desk.risk.global_stop) {
    lines.back() = painted(lines.back(), "1;31", colour);
    for (const paper::KillView& kill : view.desk.risk.latched) {
      lines.push_back(painted("  " + kill.message, "31", colour));
    }
  }
  if (!view.desk.faults.empty()) {
    std::string on;
    for (const paper::ActiveFault& fault : view.desk.faults) on += fmt::format(" {}", name(fault.fault));
    lines.push_back(painted("faults on:" + on, "33", colour));
  }
  if (!view.monitor.empty()) lines.push_back(view.monitor);
  return lines;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
