// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/drill/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <numeric>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

namespace {

using std::chrono::nanoseconds;

bool fit_together(const std::vector<Drill>& wave, const Drill& drill) {
  if (wave.empty()) return true;
  if (drill.uses.contains("*")) return false;
  return std::none_of(wave.begin(), wave.end(), [&](const Drill& other) {
    return other.uses.contains("*") || std::any_of(drill.uses.begin(), drill.uses.end(), [&](const std::string& thing) {
             return other.uses.contains(thing);
           });
  });
}

std::string milliseconds(const std::optional<nanoseconds>& time) {
  return time ? fmt::format("{:.1f}", std::chrono::duration<double, std::milli>(*time).count()) : "-";
}

template <typename Test>
bool every_alert(const std::vector<Drill>& wave, Test test) {
  for (std::size_t i = 0; i < wave.size(); ++i) {
    for (const WantedAlert& alert : wave[i].alerts) {
      if (!test(i, alert)) return false;
    }
  }
  return true;
}

}  // namespace

std::vector<std::vector<Drill>> waves_of(std::vector<Drill> drills) {
  std::vector<std::vector<Drill>> waves;
  for (Drill& drill : drills) {
    const auto wave =
        std::find_if(waves.begin(), waves.end(), [&](const auto& each) { return fit_together(each, drill); });
    if (wave == waves.end()) {
      waves.emplace_back();
      waves.back().push_back(std::move(drill));
    } else {
      wave->push_back(std::move(drill));
    }
  }
  return waves;
}

std::vector<Outcome> run_wave(const std::vector<Drill>& wave, Inbox& inbox, const Clock& clock,
                              const RunOptions& options) {
  const auto tell = [&](const std::string& text) {
    if (options.tell) options.tell(text);
  };
  // What a drill before this one raised, or what is wrong with the desk, must be over.
  inbox.wait_until(
      [&] { return every_alert(wave, [&](std::size_t, const WantedAlert& alert) { return !inbox.firing(alert); }); },
      options.quiet_within, options.stop);

  std::vector<std::string> trouble(wave.size());
  std::vector<std::vector<bool>> before(wave.size());
  std::vector<nanoseconds> on(wave.size());
  std::vector<nanoseconds> off(wave.size());
  for (std::size_t i = 0; i < wave.size(); ++i) {
    for (const WantedAlert& alert : wave[i].alerts) before[i].push_back(inbox.firing(alert));
    tell(fmt::format("{} begins", wave[i].name));
    on[i] = clock.monotonic();
    if (const auto begun = wave[i].begin(); !begun) trouble[i] = begun.error().message;
  }
  inbox.wait_until(
      [&] {
        return every_alert(wave, [&](std::size_t i, const WantedAlert& alert) {
          return !trouble[i].empty() || inbox.firing(alert) || inbox.began(alert, on[i]).has_value();
        });
      },
      options.fire_within, options.stop);
  for (std::size_t i = 0; i < wave.size(); ++i) {
    tell(fmt::format("{} ends", wave[i].name));
    off[i] = clock.monotonic();
    if (const auto ended = wave[i].end(); !ended && trouble[i].empty()) trouble[i] = ended.error().message;
  }
  inbox.wait_until(
      [&] {
        return every_alert(
            wave, [&](std::size_t i, const WantedAlert& alert) { return !trouble[i].empty() || !inbox.firing(alert); });
      },
      options.resolve_within, options.stop);

  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < wave.size(); ++i) {
    for (std::size_t k = 0; k < wave[i].alerts.size(); ++k) {
      const WantedAlert& alert = wave[i].alerts[k];
      Outcome outcome{.drill = wave[i].name,
                      .alert = alert.name + (alert.match.empty() ? "" : " (" + alert.match + ")"),
                      .severity = wave[i].severity,
                      .fired = std::nullopt,
                      .resolved = std::nullopt,
                      .trouble = trouble[i]};
      if (const auto began = inbox.began(alert, on[i])) outcome.fired = *began - on[i];
      const auto ended = inbox.ended(alert);
      if (outcome.fired && ended) outcome.resolved = std::max(*ended - off[i], nanoseconds::zero());
      if (outcome.trouble.empty() && before[i][k]) outcome.trouble = "fired before the drill began";
      if (outcome.trouble.empty() && !outcome.fired) outcome.trouble = "never arrived";
      if (outcome.trouble.empty() && !outcome.resolved) outcome.trouble = "its end never arrived";
      outcomes.push_back(std::move(outcome));
    }
  }
  return outcomes;
}

std::string table_of(const std::vector<Outcome>& outcomes) {
  std::size_t drill = 8;
  std::size_t alert = 5;
  for (const Outcome& each : outcomes) {
    drill = std::max(drill, each.drill.size());
    alert = std::max(alert, each.alert.size());
  }
  std::string text = fmt::format("{:<{}}  {:<{}}  {:<8}  {:>10}  {:>11}  result\n", "scenario", drill, "alert", alert,
                                 "severity", "fired ms", "resolved ms");
  for (const Outcome& each : outcomes) {
    text += fmt::format("{:<{}}  {:<{}}  {:<8}  {:>10}  {:>11}  {}\n", each.drill, drill, each.alert, alert,
                        each.severity, milliseconds(each.fired), milliseconds(each.resolved),
                        each.passed() ? "ok" : "FAILED: " + each.trouble);
  }
  const auto passed =
      std::count_if(outcomes.begin(), outcomes.end(), [](const Outcome& each) { return each.passed(); });
  return text + fmt::format("{} of {} alerts arrived and ended\n", passed, outcomes.size());
}

std::string json_of(const std::vector<Outcome>& outcomes) {
  boost::json::array list;
  for (const Outcome& each : outcomes) {
    boost::json::object line;
    line["scenario"] = each.drill;
    line["alert"] = each.alert;
    line["severity"] = each.severity;
    line["passed"] = each.passed();
    if (each.fired) line["fired_ms"] = std::chrono::duration<double, std::milli>(*each.fired).count();
    if (each.resolved) line["resolved_ms"] = std::chrono::duration<double, std::milli>(*each.resolved).count();
    if (!each.trouble.empty()) line["trouble"] = each.trouble;
    list.push_back(std::move(line));
  }
  return boost::json::serialize(list) + '\n';
}

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
