// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/message_model.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "notify/receivers/message_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

std::string_view value_of(const rules::AlertLabels& labels, std::string_view name) {
  const auto found = labels.find(name);
  return found == labels.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view first_of(const rules::AlertLabels& labels, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const std::string_view value = value_of(labels, name); !value.empty()) return value;
  }
  return {};
}

bool equal_in_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string label_list(const rules::AlertLabels& labels, const rules::AlertLabels& without) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (name == "alertname" || without.find(name) != without.end()) continue;
    text += (text.empty() ? "" : ", ") + one_line(clean_text(name)) + "=" + one_line(clean_text(value));
  }
  return text;
}

std::string clock_time(std::int64_t milliseconds) {
  return rfc3339(milliseconds - milliseconds % 1000).substr(11, 8);
}

std::string time_text(const rules::Alert& alert, std::int64_t now_ms) {
  const std::string began = clock_time(alert.starts_ms);
  if (!alert.resolved_at(now_ms)) {
    return "since " + began + " UTC (" + duration_words(now_ms - alert.starts_ms) + ")";
  }
  return began + " to " + clock_time(alert.ends_ms) + " UTC (" + duration_words(alert.ends_ms - alert.starts_ms) + ")";
}

AlertText alert_text(const rules::Alert& alert, const Notification& notification) {
  AlertText text;
  text.firing = !alert.resolved_at(notification.now_ms);
  const std::string_view title = first_of(alert.annotations, {"summary", "title"});
  text.title = one_line(clean_text(title.empty() ? value_of(alert.labels, "alertname") : title));
  if (text.title.empty()) text.title = "alert without a name";
  text.description = clean_text(first_of(alert.annotations, {"description", "message"}));
  // Why the fallback receiver is told: who was to hear of it.
  if (const std::string_view lost = value_of(alert.annotations, "undelivered"); !lost.empty()) {
    if (!text.description.empty()) text.description += '\n';
    text.description += "not delivered: " + one_line(clean_text(lost));
  }
  text.value = one_line(clean_text(value_of(alert.annotations, "value")));
  text.labels = label_list(alert.labels, notification.common_labels);
  text.time = time_text(alert, notification.now_ms);
  const auto link = [&](const char* name, std::string_view address) {
    if (std::string safe = safe_address(address); !safe.empty()) text.links.emplace_back(name, std::move(safe));
  };
  link("graph", alert.generator_url);
  link("runbook", first_of(alert.annotations, {"runbook_url", "runbook"}));
  link("dashboard", first_of(alert.annotations, {"dashboard_url", "dashboard"}));
  return text;
}

std::string headline_of(const Notification& notification) {
  const auto firing = static_cast<std::size_t>(
      std::count_if(notification.alerts.begin(), notification.alerts.end(),
                    [&](const rules::Alert& alert) { return !alert.resolved_at(notification.now_ms); }));
  const std::uint64_t all = notification.alerts.size() + notification.truncated_alerts;
  std::string line;
  if (notification.reason == NotificationReason::escalation) line += "[ESCALATED] ";
  if (notification.reason == NotificationReason::digest) line += "[DIGEST] ";
  line += firing == 0 && !notification.alerts.empty()
              ? "[RESOLVED]"
              : "[FIRING:" + std::to_string(notification.alerts.size() == firing ? all : firing) + "]";
  std::string_view name = first_of(notification.common_labels, {"alertname"});
  if (name.empty()) name = first_of(notification.group_labels, {"alertname"});
  line += " " + (name.empty() ? std::to_string(all) + " alerts" : clean_text(name));
  const std::string_view severity = first_of(notification.common_labels, {"severity", "priority"});
  if (!severity.empty()) line += " \xC2\xB7 " + clean_text(severity);
  for (const auto& [label, value] : notification.group_labels) {
    if (label != "alertname" && label != "severity" && label != "priority") line += " \xC2\xB7 " + clean_text(value);
  }
  return one_line(line);
}

}  // namespace

Severity message_severity_of(const rules::AlertLabels& labels) noexcept {
  struct Name {
    std::string_view text;
    Severity severity;
  };
  static constexpr std::array names{
      Name{"critical", Severity::critical}, Name{"p0", Severity::critical},
      Name{"page", Severity::critical},     Name{"emergency", Severity::critical},
      Name{"high", Severity::high},         Name{"error", Severity::high},
      Name{"major", Severity::high},        Name{"p1", Severity::high},
      Name{"info", Severity::info},         Name{"information", Severity::info},
      Name{"low", Severity::info},          Name{"none", Severity::info},
      Name{"p3", Severity::info},           Name{"debug", Severity::info},
  };
  for (const std::string_view label : {"severity", "priority"}) {
    const std::string_view value = value_of(labels, label);
    for (const Name& name : names) {
      if (equal_in_any_case(value, name.text)) return name.severity;
    }
    if (!value.empty()) return Severity::warning;
  }
  return Severity::warning;
}

std::string_view colour_of(Severity severity, bool firing) noexcept {
  if (!firing) return "#2eb67d";
  switch (severity) {
    case Severity::critical:
      return "#d00000";
    case Severity::high:
      return "#e8590c";
    case Severity::info:
      return "#439fe0";
    default:
      return "#f2c744";
  }
}

MessageModel message_model(const Notification& notification, const MessageLinks& links) {
  MessageModel model;
  model.firing = notification.firing() || notification.alerts.empty();
  model.severity = Severity::info;
  for (const rules::Alert& alert : notification.alerts) {
    if (model.firing && alert.resolved_at(notification.now_ms)) continue;
    model.severity = std::min(model.severity, message_severity_of(alert.labels));
  }
  if (notification.alerts.empty()) model.severity = message_severity_of(notification.common_labels);
  model.headline = headline_of(notification);
  model.common_labels = label_list(notification.common_labels, {});
  for (const rules::Alert& alert : notification.alerts) model.alerts.push_back(alert_text(alert, notification));
  model.more = notification.truncated_alerts;
  const auto link = [&](const char* text, std::string_view address) {
    if (std::string safe = safe_address(address); !safe.empty()) model.links.emplace_back(text, std::move(safe));
  };
  if (model.firing) {
    link("Acknowledge", links.acknowledge);
    link("Silence", links.silence);
  }
  link("All alerts", notification.external_url.empty() ? "" : notification.external_url + "/alerts");
  model.receiver = clean_text(notification.receiver);
  return model;
}

std::string more_text(std::uint64_t more) {
  if (more == 0) return {};
  return "and " + std::to_string(more) + (more == 1 ? " alert more" : " alerts more");
}

std::string safe_address(std::string_view address) {
  const bool known =
      address.rfind("http://", 0) == 0 || address.rfind("https://", 0) == 0 || address.rfind("mailto:", 0) == 0;
  constexpr std::size_t longest = 2000;
  if (!known || address.size() > longest) return {};
  std::string safe;
  for (const char c : address) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F || byte >= 0x80 || c == '<' || c == '>' || c == '|' || c == '"' || c == '\'') {
      safe += percent_encode(std::string_view(&c, 1));
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
