// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include "base/duration.hpp"
#include "config/alertmanager/notifier_config.hpp"
#include "config/prometheus/yaml_writer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

void write(YamlWriter& yaml, std::string_view key, std::chrono::milliseconds value) {
  yaml.plain(key, format_duration(value));
}

void write_if(YamlWriter& yaml, std::string_view key, const std::string& value) {
  if (!value.empty()) yaml.text(key, value);
}

void write_if(YamlWriter& yaml, std::string_view key, const Secret& value) {
  if (!value.empty()) yaml.plain(key, to_string(value));
}

void write_if(YamlWriter& yaml, std::string_view key, const std::optional<std::string>& value) {
  if (value) yaml.text(key, *value);
}

void write_if(YamlWriter& yaml, std::string_view key, const std::vector<std::string>& values) {
  if (values.empty()) return;
  yaml.open(key);
  for (const std::string& value : values) yaml.entry(value);
  yaml.close();
}

void write_if(YamlWriter& yaml, std::string_view key, const std::optional<std::chrono::milliseconds>& value) {
  if (value) write(yaml, key, *value);
}

void write_if(YamlWriter& yaml, std::string_view key, const TemplateTexts& texts) {
  if (texts.empty()) return;
  yaml.open(key);
  for (const auto& [name, value] : texts) yaml.text(name, value);
  yaml.close();
}

void write_matchers(YamlWriter& yaml, std::string_view key, const std::vector<LabelMatcher>& matchers) {
  std::vector<std::string> texts;
  texts.reserve(matchers.size());
  for (const LabelMatcher& matcher : matchers) texts.push_back(to_string(matcher));
  write_if(yaml, key, texts);
}

std::string to_string(const HostAndPort& address) {
  if (address.port == 0) return {};
  const bool brackets = address.host.find(':') != std::string::npos;
  return (brackets ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

void write_global(YamlWriter& yaml, const NotifierGlobal& global) {
  yaml.open("global");
  write(yaml, "resolve_timeout", global.resolve_timeout);
  write_if(yaml, "smtp_from", global.smtp_from);
  write_if(yaml, "smtp_hello", global.smtp_hello);
  write_if(yaml, "smtp_smarthost", to_string(global.smtp_smarthost));
  write_if(yaml, "smtp_auth_username", global.smtp_auth_username);
  write_if(yaml, "smtp_auth_password", global.smtp_auth_password);
  write_if(yaml, "smtp_auth_password_file", global.smtp_auth_password_file);
  write_if(yaml, "smtp_auth_secret", global.smtp_auth_secret);
  write_if(yaml, "smtp_auth_secret_file", global.smtp_auth_secret_file);
  write_if(yaml, "smtp_auth_identity", global.smtp_auth_identity);
  yaml.boolean("smtp_require_tls", global.smtp_require_tls);
  if (global.smtp_force_implicit_tls) yaml.boolean("smtp_force_implicit_tls", *global.smtp_force_implicit_tls);
  write_if(yaml, "slack_api_url", global.slack_api_url);
  write_if(yaml, "slack_api_url_file", global.slack_api_url_file);
  write_if(yaml, "slack_app_token", global.slack_app_token);
  write_if(yaml, "slack_app_token_file", global.slack_app_token_file);
  write_if(yaml, "slack_app_url", global.slack_app_url);
  write_if(yaml, "pagerduty_url", global.pagerduty_url);
  write_if(yaml, "telegram_api_url", global.telegram_api_url);
  write_if(yaml, "telegram_bot_token", global.telegram_bot_token);
  write_if(yaml, "telegram_bot_token_file", global.telegram_bot_token_file);
  yaml.close();
}

// The keys of one route, wherever it stands.
void write_route(YamlWriter& yaml, const RouteConfig& route) {
  write_if(yaml, "receiver", route.receiver);
  if (route.group_by_all) write_if(yaml, "group_by", std::vector<std::string>{"..."});
  if (route.group_by && route.group_by->empty()) yaml.plain("group_by", "[]");
  if (route.group_by) write_if(yaml, "group_by", *route.group_by);
  write_matchers(yaml, "matchers", route.matchers);
  write_if(yaml, "mute_time_intervals", route.mute_time_intervals);
  write_if(yaml, "active_time_intervals", route.active_time_intervals);
  yaml.boolean("continue", route.continues);
  if (!route.routes.empty()) {
    yaml.open("routes");
    for (const RouteConfig& child : route.routes) {
      yaml.begin_item();
      write_route(yaml, child);
    }
    yaml.close();
  }
  write_if(yaml, "group_wait", route.group_wait);
  write_if(yaml, "group_interval", route.group_interval);
  write_if(yaml, "repeat_interval", route.repeat_interval);
}

void write_inhibit_rules(YamlWriter& yaml, const std::vector<InhibitRule>& rules) {
  if (rules.empty()) return;
  yaml.open("inhibit_rules");
  for (const InhibitRule& rule : rules) {
    yaml.begin_item();
    if (rule == InhibitRule{}) yaml.plain("equal", "[]");
    write_if(yaml, "name", rule.name);
    write_matchers(yaml, "source_matchers", rule.source_matchers);
    write_matchers(yaml, "target_matchers", rule.target_matchers);
    write_if(yaml, "equal", rule.equal);
  }
  yaml.close();
}

void write_slack(YamlWriter& yaml, const SlackConfig& slack) {
  constexpr std::array<std::string_view, 3> strategies{"new", "update", "thread"};
  yaml.begin_item();
  yaml.boolean("send_resolved", slack.send_resolved);
  write_if(yaml, "api_url", slack.api_url);
  write_if(yaml, "api_url_file", slack.api_url_file);
  write_if(yaml, "app_token", slack.app_token);
  write_if(yaml, "app_token_file", slack.app_token_file);
  write_if(yaml, "channel", slack.channel);
  write_if(yaml, "username", slack.username);
  write_if(yaml, "color", slack.color);
  write_if(yaml, "title", slack.title);
  write_if(yaml, "title_link", slack.title_link);
  write_if(yaml, "pretext", slack.pretext);
  write_if(yaml, "text", slack.text);
  write_if(yaml, "fallback", slack.fallback);
  if (slack.message_strategy != SlackMessageStrategy::new_message) {
    yaml.plain("message_strategy", strategies[static_cast<std::size_t>(slack.message_strategy)]);
  }
}

void write_pagerduty(YamlWriter& yaml, const PagerdutyConfig& pager) {
  yaml.begin_item();
  yaml.boolean("send_resolved", pager.send_resolved);
  write_if(yaml, "routing_key", pager.routing_key);
  write_if(yaml, "routing_key_file", pager.routing_key_file);
  write_if(yaml, "service_key", pager.service_key);
  write_if(yaml, "service_key_file", pager.service_key_file);
  write_if(yaml, "url", pager.url);
  write_if(yaml, "client", pager.client);
  write_if(yaml, "client_url", pager.client_url);
  write_if(yaml, "description", pager.description);
  write_if(yaml, "details", pager.details);
  write_if(yaml, "source", pager.source);
  write_if(yaml, "severity", pager.severity);
  write_if(yaml, "class", pager.class_name);
  write_if(yaml, "component", pager.component);
  write_if(yaml, "group", pager.group);
}

void write_email(YamlWriter& yaml, const EmailConfig& email) {
  yaml.begin_item();
  yaml.boolean("send_resolved", email.send_resolved);
  yaml.text("to", email.to);
  yaml.text("from", email.from);
  write_if(yaml, "hello", email.hello);
  write_if(yaml, "smarthost", to_string(email.smarthost));
  write_if(yaml, "auth_username", email.auth_username);
  write_if(yaml, "auth_password", email.auth_password);
  write_if(yaml, "auth_password_file", email.auth_password_file);
  write_if(yaml, "auth_secret", email.auth_secret);
  write_if(yaml, "auth_identity", email.auth_identity);
  write_if(yaml, "headers", email.headers);
  write_if(yaml, "html", email.html);
  write_if(yaml, "text", email.text);
  yaml.boolean("require_tls", email.require_tls);
}

void write_telegram(YamlWriter& yaml, const TelegramConfig& telegram) {
  constexpr std::array<std::string_view, 4> modes{"", "Markdown", "MarkdownV2", "HTML"};
  yaml.begin_item();
  yaml.boolean("send_resolved", telegram.send_resolved);
  write_if(yaml, "api_url", telegram.api_url);
  write_if(yaml, "bot_token", telegram.bot_token);
  write_if(yaml, "bot_token_file", telegram.bot_token_file);
  if (telegram.chat_id != 0) yaml.plain("chat_id", std::to_string(telegram.chat_id));
  write_if(yaml, "chat_id_file", telegram.chat_id_file);
  if (telegram.message_thread_id != 0) yaml.plain("message_thread_id", std::to_string(telegram.message_thread_id));
  write_if(yaml, "message", telegram.message);
  if (telegram.disable_notifications) yaml.boolean("disable_notifications", true);
  yaml.text("parse_mode", modes[static_cast<std::size_t>(telegram.parse_mode)]);
}

// The host is none; amtool before 0.26 wants a URL here.
std::string without_path(const Secret& url) {
  const std::string& text = url.reveal();
  if (text.empty()) return {};
  return text.substr(0, text.find_first_of("/?#", text.find("://") + 3)) + "/<secret>";
}

void write_webhook(YamlWriter& yaml, const WebhookConfig& webhook) {
  yaml.begin_item();
  yaml.boolean("send_resolved", webhook.send_resolved);
  write_if(yaml, "url", without_path(webhook.url));
  write_if(yaml, "url_file", webhook.url_file);
  yaml.count("max_alerts", webhook.max_alerts);
  if (webhook.timeout.count() != 0) write(yaml, "timeout", webhook.timeout);
}

template <typename Config>
void write_list(YamlWriter& yaml, std::string_view key, const std::vector<Config>& configs,
                void (*write_one)(YamlWriter&, const Config&)) {
  if (configs.empty()) return;
  yaml.open(key);
  for (const Config& config : configs) write_one(yaml, config);
  yaml.close();
}

void write_receiver(YamlWriter& yaml, const ReceiverConfig& receiver) {
  yaml.begin_item();
  yaml.text("name", receiver.name);
  write_list(yaml, "slack_configs", receiver.slack_configs, write_slack);
  write_list(yaml, "pagerduty_configs", receiver.pagerduty_configs, write_pagerduty);
  write_list(yaml, "email_configs", receiver.email_configs, write_email);
  write_list(yaml, "telegram_configs", receiver.telegram_configs, write_telegram);
  write_list(yaml, "webhook_configs", receiver.webhook_configs, write_webhook);
}

std::string time_text(int minute) {
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two(minute / 60) + ":" + two(minute % 60);
}

void write_ranges(YamlWriter& yaml, std::string_view key, const std::vector<NumberRange>& ranges,
                  std::string (*text)(int)) {
  std::vector<std::string> texts;
  texts.reserve(ranges.size());
  for (const NumberRange& range : ranges) {
    texts.push_back(range.begin == range.end ? text(range.begin) : text(range.begin) + ":" + text(range.end));
  }
  write_if(yaml, key, texts);
}

std::string number_text(int number) {
  return std::to_string(number);
}

std::string weekday_text(int day) {
  constexpr std::array<const char*, 7> names{"sunday",   "monday", "tuesday", "wednesday",
                                             "thursday", "friday", "saturday"};
  return names[static_cast<std::size_t>(day)];
}

void write_spec(YamlWriter& yaml, const TimeIntervalSpec& spec) {
  yaml.begin_item();
  if (spec == TimeIntervalSpec{}) yaml.plain("location", "UTC");
  if (!spec.times.empty()) {
    yaml.open("times");
    for (const DayTimeRange& range : spec.times) {
      yaml.begin_item();
      yaml.text("start_time", time_text(range.start_minute));
      yaml.text("end_time", time_text(range.end_minute));
    }
    yaml.close();
  }
  write_ranges(yaml, "weekdays", spec.weekdays, weekday_text);
  write_ranges(yaml, "days_of_month", spec.days_of_month, number_text);
  write_ranges(yaml, "months", spec.months, number_text);
  write_ranges(yaml, "years", spec.years, number_text);
  write_if(yaml, "location", spec.location);
}

void write_time_interval(YamlWriter& yaml, const TimeInterval& interval) {
  yaml.begin_item();
  yaml.text("name", interval.name);
  write_list(yaml, "time_intervals", interval.time_intervals, write_spec);
}

}  // namespace

std::string to_yaml(const NotifierConfig& config) {
  YamlWriter yaml;
  write_global(yaml, config.global);
  yaml.open("route");
  write_route(yaml, config.route);
  yaml.close();
  write_inhibit_rules(yaml, config.inhibit_rules);
  write_list(yaml, "receivers", config.receivers, write_receiver);
  write_if(yaml, "templates", config.templates);
  write_list(yaml, "time_intervals", config.time_intervals, write_time_interval);
  return yaml.written();
}

}  // namespace config
BELLWETHER_NAMESPACE_END
