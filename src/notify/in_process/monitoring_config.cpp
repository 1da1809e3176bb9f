// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/in_process/monitoring_config.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "config/alertmanager/readers.hpp"
#include "config/yaml_document.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

using config::ReadContext;
using config::SectionReader;
using config::YamlNode;

constexpr std::array severities{AlertSeverity::critical, AlertSeverity::high, AlertSeverity::medium,
                                AlertSeverity::info};
constexpr std::array<std::string_view, 4> severity_names{"P0", "P1", "P2", "INFO"};
constexpr std::array<std::string_view, 5> kinds{"slack", "email", "pagerduty", "telegram", "webhook"};

/// What the file says, before it is made into receivers and routes.
struct Reading {
  MonitoringConfig result;
  config::ReceiverConfig channels;  // each kind at most once
  std::array<std::vector<std::string>, 4> told;
  std::array<std::chrono::milliseconds, 4> escalation{};
};

bool has(const config::ReceiverConfig& channels, std::string_view kind) {
  if (kind == "slack") return !channels.slack_configs.empty();
  if (kind == "email") return !channels.email_configs.empty();
  if (kind == "pagerduty") return !channels.pagerduty_configs.empty();
  if (kind == "telegram") return !channels.telegram_configs.empty();
  return !channels.webhook_configs.empty();
}

void read_slack(const YamlNode& node, ReadContext& context, const config::NotifierEnvironment& environment,
                Reading& into) {
  SectionReader section(node, "channels.slack", context);
  config::SlackConfig slack;
  config::read_secret_or_file(section, "webhook_url", "webhook_url_file", slack.api_url, slack.api_url_file);
  config::fill_in(slack.api_url, slack.api_url_file, environment.slack_webhook_url);
  if (slack.api_url.empty() && slack.api_url_file.empty()) {
    section.wrong("webhook_url", "no address: add webhook_url_file, or set SLACK_WEBHOOK_URL");
  }
  section.text("channel", slack.channel);
  if (std::string name; section.text("username", name)) slack.username = name;
  section.finish();
  into.channels.slack_configs.push_back(std::move(slack));
}

void read_email(const YamlNode& node, ReadContext& context, const config::NotifierEnvironment& environment,
                Reading& into) {
  SectionReader section(node, "channels.email", context);
  config::EmailConfig email;
  email.hello = "localhost";
  config::read_host_and_port(section, "smarthost", email.smarthost);
  section.text("from", email.from);
  section.text("to", email.to);
  section.text("username", email.auth_username);
  config::read_secret_or_file(section, "password", "password_file", email.auth_password, email.auth_password_file);
  section.boolean("require_tls", email.require_tls);
  std::string ca_file;
  if (section.path("ca_file", ca_file)) email.tls.ca_file = ca_file;
  if (email.auth_username.empty()) email.auth_username = environment.smtp_user;
  config::fill_in(email.auth_password, email.auth_password_file, environment.smtp_password);
  if (email.from.empty()) email.from = email.auth_username;
  if (email.smarthost.host.empty()) section.wrong("smarthost", "no server: add smarthost: \"smtp.example.org:587\"");
  if (email.to.empty()) section.wrong("to", "nobody to write to: add to: name@example.org");
  if (email.from.empty()) section.wrong("from", "no sender: add from: name@example.org");
  section.finish();
  into.channels.email_configs.push_back(std::move(email));
}

void read_pagerduty(const YamlNode& node, ReadContext& context, const config::NotifierEnvironment& environment,
                    Reading& into) {
  SectionReader section(node, "channels.pagerduty", context);
  config::PagerdutyConfig pagerduty{.url = "https://events.pagerduty.com/v2/enqueue"};
  config::read_secret_or_file(section, "routing_key", "routing_key_file", pagerduty.routing_key,
                              pagerduty.routing_key_file);
  config::fill_in(pagerduty.routing_key, pagerduty.routing_key_file, environment.pagerduty_api_key);
  if (pagerduty.routing_key.empty() && pagerduty.routing_key_file.empty()) {
    section.wrong("routing_key", "no key: add routing_key_file, or set PAGERDUTY_API_KEY");
  }
  config::read_url(section, "url", pagerduty.url);
  section.finish();
  into.channels.pagerduty_configs.push_back(std::move(pagerduty));
}

void read_telegram(const YamlNode& node, ReadContext& context, const config::NotifierEnvironment&, Reading& into) {
  SectionReader section(node, "channels.telegram", context);
  config::TelegramConfig telegram{.api_url = "https://api.telegram.org"};
  config::read_secret_or_file(section, "bot_token", "bot_token_file", telegram.bot_token, telegram.bot_token_file);
  if (telegram.bot_token.empty() && telegram.bot_token_file.empty())
    section.wrong("bot_token", "no token: add bot_token_file");
  config::read_url(section, "api_url", telegram.api_url);
  std::string chat;
  section.text("chat_id", chat);
  const auto [end, failed] = std::from_chars(chat.data(), chat.data() + chat.size(), telegram.chat_id);
  if (chat.empty() || failed != std::errc{} || end != chat.data() + chat.size()) {
    section.wrong("chat_id", "chat_id must be the number of a chat, of a group a negative one");
  }
  section.finish();
  into.channels.telegram_configs.push_back(std::move(telegram));
}

void read_webhook(const YamlNode& node, ReadContext& context, const config::NotifierEnvironment&, Reading& into) {
  SectionReader section(node, "channels.webhook", context);
  config::WebhookConfig webhook;
  config::read_secret_or_file(section, "url", "url_file", webhook.url, webhook.url_file);
  if (webhook.url.empty() && webhook.url_file.empty()) section.wrong("url", "no address: add url or url_file");
  section.finish();
  into.channels.webhook_configs.push_back(std::move(webhook));
}

void read_channels(const YamlNode& node, ReadContext& context, const config::NotifierEnvironment& environment,
                   Reading& into) {
  SectionReader section(node, "channels", context);
  using Read = void (*)(const YamlNode&, ReadContext&, const config::NotifierEnvironment&, Reading&);
  constexpr std::array<Read, kinds.size()> readers{&read_slack, &read_email, &read_pagerduty, &read_telegram,
                                                   &read_webhook};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (const YamlNode* const channel = section.find(kinds[i])) readers[i](*channel, context, environment, into);
  }
  section.finish();
}

void read_severities(const YamlNode* node, ReadContext& context, Reading& into) {
  std::array<bool, 4> said{};
  if (node != nullptr) {
    SectionReader section(*node, "severities", context);
    for (std::size_t i = 0; i < severity_names.size(); ++i) {
      said[i] = section.texts(severity_names[i], into.told[i]);
      for (const std::string& kind : into.told[i]) {
        if (!has(into.channels, kind)) {
          section.wrong(severity_names[i],
                        "there is no channel \"" + kind + "\": add it to channels, or remove it here");
        }
      }
    }
    section.finish();
  }
  // Of what is there: P0 everywhere, P1 to Slack and by mail, the rest to Slack; and never to nobody.
  for (std::size_t i = 0; i < severity_names.size(); ++i) {
    if (said[i]) continue;
    for (const std::string_view kind : kinds) {
      const bool wanted = i == 0 || kind == "slack" || (i == 1 && kind == "email");
      if (wanted && has(into.channels, kind)) into.told[i].emplace_back(kind);
    }
    if (into.told[i].empty()) into.told[i] = into.told[0];
  }
}

void read_limits(SectionReader& alerting, ReadContext& context, AlertLimitSettings& limits) {
  if (const YamlNode* const node = alerting.find("rate_limit")) {
    SectionReader section(*node, "rate_limit", context);
    section.count("max_alerts", limits.max_alerts);
    config::read_positive(section, "window", limits.rate_window);
    section.finish();
  }
  if (const YamlNode* const node = alerting.find("aggregation")) {
    SectionReader section(*node, "aggregation", context);
    section.duration("window", limits.bundle_window);
    if (std::vector<std::string> bundled; section.texts("severities", bundled)) {
      limits.bundled = {};
      for (const std::string& name : bundled) {
        const auto found = std::find(severity_names.begin(), severity_names.end(), name);
        if (found == severity_names.end() || name == "P0") {
          section.wrong("severities", "\"" + name + "\" cannot be bundled: P1, P2 and INFO can");
        } else {
          limits.bundled[static_cast<std::size_t>(found - severity_names.begin())] = true;
        }
      }
    }
    section.finish();
  }
  alerting.duration("duplicate_window", limits.duplicate_window);
}

config::ReceiverConfig receiver_of(const std::string& name, const config::ReceiverConfig& channels,
                                   const std::vector<std::string>& kinds_told) {
  const auto wanted = [&](std::string_view kind) {
    return std::find(kinds_told.begin(), kinds_told.end(), kind) != kinds_told.end();
  };
  config::ReceiverConfig receiver{.name = name};
  if (wanted("slack")) receiver.slack_configs = channels.slack_configs;
  if (wanted("email")) receiver.email_configs = channels.email_configs;
  if (wanted("pagerduty")) receiver.pagerduty_configs = channels.pagerduty_configs;
  if (wanted("telegram")) receiver.telegram_configs = channels.telegram_configs;
  if (wanted("webhook")) receiver.webhook_configs = channels.webhook_configs;
  // An alert of a process is an event: nobody knows when what it tells of is over.
  for (auto& pagerduty : receiver.pagerduty_configs) pagerduty.send_resolved = false;
  for (auto& telegram : receiver.telegram_configs) telegram.send_resolved = false;
  for (auto& webhook : receiver.webhook_configs) webhook.send_resolved = false;
  return receiver;
}

void make_notifier_config(Reading& reading) {
  config::NotifierConfig& made = reading.result.notifier;
  using std::chrono::milliseconds;
  made.route.receiver = "INFO";
  made.route.group_by_all = true;
  made.route.group_by.emplace();
  made.route.group_wait = milliseconds{0};
  made.route.group_interval = milliseconds{1000};
  made.route.repeat_interval = std::chrono::hours{24 * 365};
  made.extensions.digest.max_messages = 0;  // the limits of this file are the only ones
  for (std::size_t i = 0; i < severities.size(); ++i) {
    const std::string name(severity_names[i]);
    made.receivers.push_back(receiver_of(name, reading.channels, reading.told[i]));
    config::RouteConfig route;
    route.receiver = name;
    route.matchers.push_back({config::LabelMatcherType::equal, "severity", name});
    made.route.routes.push_back(std::move(route));
    if (reading.escalation[i].count() == 0) continue;
    config::EscalationPolicy policy;
    policy.name = name;
    policy.matchers.push_back({config::LabelMatcherType::equal, "severity", name});
    policy.steps.push_back({reading.escalation[i], {"P0"}});
    made.extensions.escalation.push_back(std::move(policy));
  }
}

}  // namespace

Result<MonitoringConfig> read_monitoring_config(std::string_view text, const std::string& name,
                                                const config::NotifierEnvironment& environment) {
  const Result<YamlNode> parsed = config::parse_yaml(text, name);
  if (!parsed) return parsed.error();
  ReadContext context(std::filesystem::path(name).parent_path());
  Reading reading;
  SectionReader root(*parsed, "monitoring_config.yaml", context);
  const YamlNode* const alerting_node = root.find("alerting");
  if (alerting_node == nullptr) return Error{name + ": the section `alerting` is missing; see bellwether/alerts.hpp"};
  SectionReader alerting(*alerting_node, "alerting", context);
  alerting.path("directory", reading.result.directory);
  alerting.text("instance", reading.result.instance);
  if (const YamlNode* const channels = alerting.find("channels"))
    read_channels(*channels, context, environment, reading);
  if (context.error_count() == 0 &&
      std::none_of(kinds.begin(), kinds.end(), [&](std::string_view kind) { return has(reading.channels, kind); })) {
    alerting.wrong("channels", "nobody can be told: add one of slack, email, pagerduty, telegram, webhook to channels");
  }
  read_severities(alerting.find("severities"), context, reading);
  read_limits(alerting, context, reading.result.limits);
  if (const YamlNode* const node = alerting.find("escalation")) {
    SectionReader section(*node, "escalation", context);
    for (std::size_t i = 0; i < severity_names.size(); ++i) section.duration(severity_names[i], reading.escalation[i]);
    section.finish();
  }
  alerting.finish();
  root.finish();
  if (const std::vector<std::string> errors = context.take_errors(); !errors.empty()) {
    std::string all;
    for (const std::string& error : errors) all += (all.empty() ? "" : "\n") + error;
    return Error{all};
  }
  make_notifier_config(reading);
  return std::move(reading.result);
}

Result<MonitoringConfig> load_monitoring_config(const std::string& path,
                                                const config::NotifierEnvironment& environment) {
  constexpr std::size_t max_bytes = std::size_t{1} << 20;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  std::string text(max_bytes + 1, '\0');
  if (file) text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (!file || std::ferror(file.get()) != 0)
    return Error{"cannot read " + path + ": " + std::strerror(errno) + "; check the path"};
  return read_monitoring_config(text, path, environment);
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
