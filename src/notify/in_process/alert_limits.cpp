// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/in_process/alert_limits.hpp"

#include <algorithm>
#include <utility>

#include "notify/receivers/message_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::size_t max_distinct = 10'000;
constexpr std::size_t max_listed = 20;

std::string key_of(const ProcessAlert& alert) {
  std::string key(severity_text(alert.severity));
  return key.append("\n").append(alert.name).append("\n").append(alert.component);
}

std::string line_of(const ProcessAlert& alert) {
  std::string line = alert.title;
  if (!alert.component.empty()) line += " (" + alert.component + ")";
  if (!alert.message.empty()) line += ": " + alert.message;
  return shorten(one_line(line), 300);
}

/// A summary must not fall to the limits itself; its name tells it from what it sums up.
ProcessAlert summary(AlertSeverity severity, std::int64_t now_ms, const char* name, std::string title,
                     std::string message, std::uint64_t count) {
  return {.severity = severity,
          .at_ms = now_ms,
          .name = name,
          .title = std::move(title),
          .message = std::move(message),
          .component = {},
          .runbook_url = {},
          .value = std::to_string(count),
          .stands_for = count};
}

std::string in_time(std::chrono::milliseconds window) {
  return " in " + duration_words(window.count());
}

}  // namespace

std::string_view severity_text(AlertSeverity severity) noexcept {
  switch (severity) {
    case AlertSeverity::critical:
      return "P0";
    case AlertSeverity::high:
      return "P1";
    case AlertSeverity::medium:
      return "P2";
    case AlertSeverity::info:
      return "INFO";
  }
  return "INFO";
}

std::vector<ProcessAlert> AlertLimits::take(ProcessAlert alert) {
  std::vector<ProcessAlert> told;
  const std::int64_t now_ms = alert.at_ms;
  if (alert.severity == AlertSeverity::critical) {
    told.push_back(std::move(alert));
    return told;
  }
  if (settings_.duplicate_window.count() > 0) {
    const std::string key = key_of(alert);
    const auto found = repeats_.find(key);
    if (found != repeats_.end() && now_ms < found->second.ends_ms) {
      ++found->second.count;
      count(alert.severity, HeldBack::duplicate);
      found->second.last = std::move(alert);
      return told;
    }
    if (found == repeats_.end() && repeats_.size() < max_distinct) {
      repeats_.emplace(key, Repeats{alert, now_ms + settings_.duplicate_window.count(), 0});
    }
  }
  const auto index = static_cast<std::size_t>(alert.severity);
  if (settings_.bundled[index] && settings_.bundle_window.count() > 0) {
    std::optional<Bundle>& bundle = bundles_[index];
    if (!bundle) bundle = Bundle{now_ms + settings_.bundle_window.count(), 0, {}};
    ++bundle->count;
    count(alert.severity, HeldBack::bundled);
    if (bundle->alerts.size() < max_listed) bundle->alerts.push_back(std::move(alert));
    return told;
  }
  rate(std::move(alert), now_ms, told);
  return told;
}

void AlertLimits::rate(ProcessAlert alert, std::int64_t now_ms, std::vector<ProcessAlert>& told) {
  Rate& rate = rates_[static_cast<std::size_t>(alert.severity)];
  if (settings_.max_alerts == 0) {
    told.push_back(std::move(alert));
    return;
  }
  if (rate.told == 0) rate.ends_ms = now_ms + settings_.rate_window.count();
  if (rate.told < settings_.max_alerts) {
    ++rate.told;
    told.push_back(std::move(alert));
    return;
  }
  for (std::uint64_t i = 0; i < alert.stands_for; ++i) count(alert.severity, HeldBack::rate_limit);
  rate.count += alert.stands_for;
  if (rate.held.size() < max_listed || rate.held.find(alert.title) != rate.held.end())
    rate.held[alert.title] += alert.stands_for;
}

void AlertLimits::end_windows(std::int64_t now_ms, bool all, std::vector<ProcessAlert>& told) {
  for (std::size_t index = 0; index < bundles_.size(); ++index) {
    std::optional<Bundle>& bundle = bundles_[index];
    if (!bundle || (!all && now_ms < bundle->ends_ms)) continue;
    const auto severity = static_cast<AlertSeverity>(index);
    if (bundle->count == 1) {
      rate(std::move(bundle->alerts[0]), now_ms, told);
    } else {
      std::string lines;
      for (const ProcessAlert& alert : bundle->alerts) lines += line_of(alert) + "\n";
      if (bundle->count > bundle->alerts.size())
        lines += "and " + std::to_string(bundle->count - bundle->alerts.size()) + " more\n";
      rate(summary(severity, now_ms, "AlertBundle",
                   std::to_string(bundle->count) + " " + std::string(severity_text(severity)) + " alerts" +
                       in_time(settings_.bundle_window),
                   std::move(lines), bundle->count),
           now_ms, told);
    }
    bundle.reset();
  }
  for (std::size_t index = 0; index < rates_.size(); ++index) {
    Rate& rate = rates_[index];
    if (rate.told == 0 || (!all && now_ms < rate.ends_ms)) continue;
    if (rate.count > 0) {
      const auto severity = static_cast<AlertSeverity>(index);
      std::string lines;
      for (const auto& [title, times] : rate.held) lines += std::to_string(times) + " \xC3\x97 " + title + "\n";
      told.push_back(summary(severity, now_ms, "AlertsHeldBack",
                             std::to_string(rate.count) + " " + std::string(severity_text(severity)) +
                                 " alerts held back" + in_time(settings_.rate_window),
                             std::move(lines), rate.count));
    }
    rate = Rate{};
  }
  for (auto entry = repeats_.begin(); entry != repeats_.end();) {
    Repeats& repeats = entry->second;
    if (!all && now_ms < repeats.ends_ms) {
      ++entry;
      continue;
    }
    if (repeats.count > 0) {
      ProcessAlert last = std::move(repeats.last);
      last.at_ms = now_ms;
      last.title = shorten(last.title, 150) + " (" + std::to_string(repeats.count) + " times more" +
                   in_time(settings_.duplicate_window) + ")";
      last.stands_for = repeats.count;
      rate(std::move(last), now_ms, told);
    }
    entry = repeats_.erase(entry);
  }
}

std::vector<ProcessAlert> AlertLimits::due(std::int64_t now_ms) {
  std::vector<ProcessAlert> told;
  end_windows(now_ms, false, told);
  return told;
}

std::vector<ProcessAlert> AlertLimits::finish(std::int64_t now_ms) {
  std::vector<ProcessAlert> told;
  // The second round tells what the first put under a rate limit.
  end_windows(now_ms, true, told);
  end_windows(now_ms, true, told);
  return told;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
