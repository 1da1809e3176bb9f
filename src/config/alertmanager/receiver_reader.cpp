// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>

#include "config/alertmanager/readers.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

void read_whole(SectionReader& section, std::string_view key, std::int64_t& into) {
  std::string text;
  if (!section.text(key, text)) return;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, into);
  if (fault != std::errc{} || stop != end) section.wrong(key, std::string(key) + " must be a whole number");
}

PagerdutyConfig read_pagerduty(const YamlNode& node, ReadContext& context, const NotifierGlobal& global,
                               const NotifierEnvironment& environment) {
  SectionReader section(node, "pagerduty_configs", context);
  PagerdutyConfig pager;
  pager.http = global.http;
  pager.url = global.pagerduty_url;
  section.boolean("send_resolved", pager.send_resolved);
  read_http_config(section, pager.http);
  read_secret_or_file(section, "routing_key", "routing_key_file", pager.routing_key, pager.routing_key_file);
  read_secret_or_file(section, "service_key", "service_key_file", pager.service_key, pager.service_key_file);
  if (pager.service_key.empty() && pager.service_key_file.empty()) {
    fill_in(pager.routing_key, pager.routing_key_file, environment.pagerduty_api_key);
    if (pager.routing_key.empty() && pager.routing_key_file.empty()) {
      section.wrong("routing_key", "no routing key: add routing_key_file, or set PAGERDUTY_API_KEY");
    }
  }
  read_url(section, "url", pager.url);
  read_optional(section, "client", pager.client);
  read_optional(section, "client_url", pager.client_url);
  read_optional(section, "description", pager.description);
  read_texts(section, "details", pager.details);
  section.each("links", [&](const YamlNode& item) {
    SectionReader link(item, "links", context);
    PagerdutyLink read;
    link.text("href", read.href);
    link.text("text", read.text);
    link.finish();
    pager.links.push_back(std::move(read));
  });
  section.each("images", [&](const YamlNode& item) {
    SectionReader image(item, "images", context);
    PagerdutyImage read;
    image.text("src", read.src);
    image.text("alt", read.alt);
    image.text("href", read.href);
    image.finish();
    pager.images.push_back(std::move(read));
  });
  section.text("source", pager.source);
  section.text("severity", pager.severity);
  section.text("class", pager.class_name);
  section.text("component", pager.component);
  section.text("group", pager.group);
  section.duration("timeout", pager.timeout);
  section.finish();
  return pager;
}

TelegramConfig read_telegram(const YamlNode& node, ReadContext& context, const NotifierGlobal& global) {
  SectionReader section(node, "telegram_configs", context);
  TelegramConfig telegram;
  telegram.http = global.http;
  telegram.api_url = global.telegram_api_url;
  section.boolean("send_resolved", telegram.send_resolved);
  read_http_config(section, telegram.http);
  read_url(section, "api_url", telegram.api_url);
  read_secret_or_file(section, "bot_token", "bot_token_file", telegram.bot_token, telegram.bot_token_file);
  if (telegram.bot_token.empty() && telegram.bot_token_file.empty()) {
    telegram.bot_token = global.telegram_bot_token;
    telegram.bot_token_file = global.telegram_bot_token_file;
  }
  if (telegram.bot_token.empty() && telegram.bot_token_file.empty()) {
    section.wrong("bot_token", "no bot token: add bot_token_file");
  }
  read_whole(section, "chat_id", telegram.chat_id);
  section.path("chat_id_file", telegram.chat_id_file);
  exclude_keys(section, "chat_id", "chat_id_file");
  if (telegram.chat_id == 0 && telegram.chat_id_file.empty()) {
    section.wrong("chat_id", "no chat: add chat_id, a number that is negative for a group");
  }
  read_whole(section, "message_thread_id", telegram.message_thread_id);
  read_optional(section, "message", telegram.message);
  section.boolean("disable_notifications", telegram.disable_notifications);
  constexpr std::array<std::string_view, 4> modes{"", "Markdown", "MarkdownV2", "HTML"};
  if (const auto mode = section.choice("parse_mode", modes))
    telegram.parse_mode = static_cast<TelegramParseMode>(*mode);
  section.finish();
  return telegram;
}

WebhookConfig read_webhook(const YamlNode& node, ReadContext& context, const NotifierGlobal& global) {
  SectionReader section(node, "webhook_configs", context);
  WebhookConfig webhook;
  webhook.http = global.http;
  section.boolean("send_resolved", webhook.send_resolved);
  read_http_config(section, webhook.http);
  read_secret_url(section, "url", webhook.url);
  section.path("url_file", webhook.url_file);
  exclude_keys(section, "url", "url_file");
  if (webhook.url.empty() && webhook.url_file.empty()) section.wrong("url", "no url: add url or url_file");
  section.count("max_alerts", webhook.max_alerts);
  section.duration("timeout", webhook.timeout);
  section.refuse("payload", "a webhook gets Alertmanager's own JSON: put a translator between, or remove it");
  section.finish();
  return webhook;
}

struct OtherReceiver {
  std::string_view key;
  std::string_view service;
};

constexpr std::array<OtherReceiver, 14> others{{{"discord_configs", "Discord"},
                                                {"googlechat_configs", "Google Chat"},
                                                {"incidentio_configs", "incident.io"},
                                                {"jira_configs", "Jira"},
                                                {"mattermost_configs", "Mattermost"},
                                                {"msteams_configs", "Microsoft Teams"},
                                                {"msteamsv2_configs", "Microsoft Teams"},
                                                {"opsgenie_configs", "Opsgenie"},
                                                {"pushover_configs", "Pushover"},
                                                {"rocketchat_configs", "Rocket.Chat"},
                                                {"sns_configs", "Amazon SNS"},
                                                {"victorops_configs", "VictorOps"},
                                                {"webex_configs", "Webex"},
                                                {"wechat_configs", "WeChat"}}};

}  // namespace

ReceiverConfig read_receiver(const YamlNode& node, ReadContext& context, const NotifierGlobal& global,
                             const NotifierEnvironment& environment) {
  SectionReader section(node, "receivers", context);
  ReceiverConfig receiver;
  if (!section.text("name", receiver.name) || receiver.name.empty()) {
    section.wrong("name", "a receiver needs a name: add `name: ...`");
  }
  section.each("slack_configs",
               [&](const YamlNode& item) { receiver.slack_configs.push_back(read_slack(item, context, global)); });
  section.each("pagerduty_configs", [&](const YamlNode& item) {
    receiver.pagerduty_configs.push_back(read_pagerduty(item, context, global, environment));
  });
  section.each("email_configs",
               [&](const YamlNode& item) { receiver.email_configs.push_back(read_email(item, context, global)); });
  section.each("telegram_configs", [&](const YamlNode& item) {
    receiver.telegram_configs.push_back(read_telegram(item, context, global));
  });
  section.each("webhook_configs",
               [&](const YamlNode& item) { receiver.webhook_configs.push_back(read_webhook(item, context, global)); });
  for (const OtherReceiver& other : others) {
    section.refuse(other.key,
                   std::string(other.service) +
                       " is not among ours (slack, pagerduty, email, telegram, webhook): forward alerts to "
                       "a real Alertmanager (prometheus.yml, alerting.alertmanagers) that has this receiver");
  }
  section.finish();
  return receiver;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
