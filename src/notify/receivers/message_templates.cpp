// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/message_templates.hpp"

#include <glob.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "notify/receivers/default_templates.hpp"
#include "notify/receivers/message_text.hpp"
#include "template/alertmanager_functions.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

using templates::Value;

Value labels_value(const rules::AlertLabels& labels) {
  rules::AlertLabels clean;
  for (const auto& [name, value] : labels) clean.insert_or_assign(clean_text(name), clean_text(value));
  return Value::labels(clean, templates::label_map_type());
}

templates::Time time_value(std::int64_t milliseconds) {
  return milliseconds == 0 ? templates::Time{} : templates::Time::from_milliseconds(milliseconds);
}

Value alert_value(const rules::Alert& alert, std::int64_t now_ms) {
  const bool resolved = alert.resolved_at(now_ms);
  return Value::map({{"Status", resolved ? "resolved" : "firing"},
                     {"Labels", labels_value(alert.labels)},
                     {"Annotations", labels_value(alert.annotations)},
                     {"StartsAt", time_value(alert.starts_ms)},
                     {"EndsAt", time_value(resolved ? alert.ends_ms : 0)},
                     {"GeneratorURL", clean_text(alert.generator_url)},
                     {"Fingerprint", rules::fingerprint_text(alert.labels)}},
                    templates::alert_type());
}

std::string_view reason_text(NotificationReason reason) noexcept {
  switch (reason) {
    case NotificationReason::first:
      return "first";
    case NotificationReason::new_alerts:
      return "new alerts";
    case NotificationReason::some_resolved:
      return "some resolved";
    case NotificationReason::all_resolved:
      return "all resolved";
    case NotificationReason::repeat:
      return "repeat";
    case NotificationReason::escalation:
      return "escalation";
    case NotificationReason::digest:
      return "digest";
  }
  return "first";
}

Result<std::string> read_file(const std::string& path) {
  constexpr std::size_t max_bytes = std::size_t{1} << 20;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  std::string text(max_bytes + 1, '\0');
  if (file) text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (!file || std::ferror(file.get()) != 0) {
    return Error{"cannot read the template file " + path + ": " + std::strerror(errno) +
                 "; check the path and its permissions"};
  }
  if (text.size() > max_bytes) return Error{"the template file " + path + " has more than 1 MiB; take it apart"};
  return text;
}

Result<std::vector<std::string>> files_of(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<std::string> files;
  for (std::size_t i = 0; status == 0 && i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
  ::globfree(&found);
  if (status != 0 && status != GLOB_NOMATCH) return Error{"cannot look for the template files " + pattern};
  return files;
}

}  // namespace

Value template_data(const Notification& notification, const MessageLinks& links) {
  templates::List alerts;
  alerts.reserve(notification.alerts.size());
  for (const rules::Alert& alert : notification.alerts) alerts.push_back(alert_value(alert, notification.now_ms));
  return Value::map({{"Receiver", clean_text(notification.receiver)},
                     {"Status", notification.firing() ? "firing" : "resolved"},
                     {"Alerts", Value::list(std::move(alerts), templates::alert_list_type())},
                     {"GroupLabels", labels_value(notification.group_labels)},
                     {"CommonLabels", labels_value(notification.common_labels)},
                     {"CommonAnnotations", labels_value(notification.common_annotations)},
                     {"ExternalURL", clean_text(notification.external_url)},
                     {"GroupKey", clean_text(notification.group_key)},
                     {"TruncatedAlerts", notification.truncated_alerts},
                     {"Reason", reason_text(notification.reason)},
                     {"SilenceURL", links.silence},
                     {"AcknowledgeURL", links.acknowledge}},
                    templates::message_data_type());
}

Result<MessageTemplates> MessageTemplates::load(const std::vector<std::string>& patterns) {
  templates::TemplateSet set(templates::alertmanager_functions());
  if (const auto added = set.add("built-in templates", default_templates()); !added) return added.error();
  for (const std::string& pattern : patterns) {
    const Result<std::vector<std::string>> files = files_of(pattern);
    if (!files) return files.error();
    for (const std::string& file : *files) {
      const Result<std::string> text = read_file(file);
      if (!text) return text.error();
      if (const auto added = set.add(file, *text); !added) return added.error();
    }
  }
  return MessageTemplates(std::move(set));
}

Result<std::string> MessageTemplates::expand(std::string_view where, std::string_view field,
                                             const Notification& notification, const MessageLinks& links,
                                             templates::Escaping escaping) const {
  if (field.find("{{") == std::string_view::npos) return std::string(field);
  const Result<templates::Template> parsed = templates::Template::parse(where, field, set_);
  if (!parsed) return parsed.error();
  const templates::FunctionTable functions = templates::bind_alertmanager_functions(notification.now_ms);
  return parsed->render(template_data(notification, links),
                        {.escaping = escaping, .limits = {}, .functions = &functions});
}

Result<std::string> MessageTemplates::text(std::string_view where, std::string_view field,
                                           const Notification& notification, const MessageLinks& links) const {
  return expand(where, field, notification, links, templates::Escaping::none);
}

Result<std::string> MessageTemplates::html(std::string_view where, std::string_view field,
                                           const Notification& notification, const MessageLinks& links) const {
  return expand(where, field, notification, links, templates::Escaping::html);
}

Result<void> MessageTemplates::check(std::string_view where, std::string_view field) const {
  if (field.find("{{") == std::string_view::npos) return {};
  const Result<templates::Template> parsed = templates::Template::parse(where, field, set_);
  if (!parsed) return parsed.error();
  return {};
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
