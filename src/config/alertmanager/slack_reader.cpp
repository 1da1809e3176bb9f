// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/alertmanager/readers.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

constexpr std::string_view bot_url = "https://slack.com/api/chat.postMessage";

void require(SectionReader& section, std::string_view key, const std::string& value) {
  if (value.empty()) section.wrong(key, std::string(key) + " is missing: add it");
}

SlackField read_field(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "fields", context);
  SlackField field;
  section.text("title", field.title);
  section.text("value", field.value);
  require(section, "title", field.title);
  require(section, "value", field.value);
  bool is_short = false;
  if (section.boolean("short", is_short)) field.is_short = is_short;
  section.finish();
  return field;
}

SlackConfirmation read_confirmation(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "confirm", context);
  SlackConfirmation confirm;
  section.text("text", confirm.text);
  require(section, "text", confirm.text);
  section.text("title", confirm.title);
  section.text("ok_text", confirm.ok_text);
  section.text("dismiss_text", confirm.dismiss_text);
  section.finish();
  return confirm;
}

SlackAction read_action(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "actions", context);
  SlackAction action;
  section.text("type", action.type);
  section.text("text", action.text);
  require(section, "type", action.type);
  require(section, "text", action.text);
  section.text("url", action.url);
  section.text("style", action.style);
  section.text("name", action.name);
  section.text("value", action.value);
  if (const YamlNode* confirm = section.find("confirm")) action.confirm = read_confirmation(*confirm, context);
  if (action.url.empty() && action.name.empty()) section.wrong("url", "an action needs url or name: add one");
  section.finish();
  return action;
}

void read_texts_of_message(SectionReader& section, SlackConfig& slack) {
  section.text("channel", slack.channel);
  read_optional(section, "username", slack.username);
  read_optional(section, "color", slack.color);
  read_optional(section, "title", slack.title);
  read_optional(section, "title_link", slack.title_link);
  read_optional(section, "pretext", slack.pretext);
  read_optional(section, "text", slack.text);
  read_optional(section, "message_text", slack.message_text);
  read_optional(section, "footer", slack.footer);
  read_optional(section, "fallback", slack.fallback);
  read_optional(section, "callback_id", slack.callback_id);
  read_optional(section, "icon_emoji", slack.icon_emoji);
  read_optional(section, "icon_url", slack.icon_url);
  section.text("image_url", slack.image_url);
  section.text("thumb_url", slack.thumb_url);
  section.boolean("short_fields", slack.short_fields);
  section.boolean("link_names", slack.link_names);
  section.texts("mrkdwn_in", slack.mrkdwn_in);
}

void read_strategy(SectionReader& section, SlackConfig& slack) {
  constexpr std::array<std::string_view, 3> names{"new", "update", "thread"};
  const std::optional<std::size_t> chosen = section.choice("message_strategy", names);
  if (chosen) slack.message_strategy = static_cast<SlackMessageStrategy>(*chosen);
  bool update = false;
  section.boolean("update_message", update);
  if (update && chosen && slack.message_strategy != SlackMessageStrategy::update) {
    section.wrong("update_message", "update_message and another message_strategy exclude each other: keep the latter");
  } else if (update) {
    slack.message_strategy = SlackMessageStrategy::update;
  }
  section.refuse("threaded_options", "a thread has the first message as its head: remove it");
}

bool can_update(const SlackConfig& slack) {
  return !slack.app_token.empty() || !slack.app_token_file.empty() || !slack.api_url_file.empty() ||
         slack.api_url.reveal() == bot_url;
}

// Where to: of its own, else global's.
void read_target(SectionReader& section, const NotifierGlobal& global, SlackConfig& slack) {
  read_secret_url(section, "api_url", slack.api_url);
  section.path("api_url_file", slack.api_url_file);
  exclude_keys(section, "api_url", "api_url_file");
  read_secret_or_file(section, "app_token", "app_token_file", slack.app_token, slack.app_token_file);
  if (!global.slack_app_url.empty()) slack.app_url = global.slack_app_url;
  read_url(section, "app_url", slack.app_url);
  const bool by_url = !slack.api_url.empty() || !slack.api_url_file.empty();
  const bool by_app = !slack.app_token.empty() || !slack.app_token_file.empty();
  if (by_url && by_app) {
    section.wrong("app_token", "a webhook (api_url) and an app (app_token) exclude each other: keep one");
  }
  if (by_url || by_app) return;
  slack.api_url = global.slack_api_url;
  slack.api_url_file = global.slack_api_url_file;
  if (!slack.api_url.empty() || !slack.api_url_file.empty()) return;
  slack.app_token = global.slack_app_token;
  slack.app_token_file = global.slack_app_token_file;
  if (slack.app_token.empty() && slack.app_token_file.empty()) {
    section.wrong("api_url", "no api_url, here or as global slack_api_url: add api_url_file, or set SLACK_WEBHOOK_URL");
  }
}

}  // namespace

SlackConfig read_slack(const YamlNode& node, ReadContext& context, const NotifierGlobal& global) {
  SectionReader section(node, "slack_configs", context);
  SlackConfig slack;
  slack.http = global.http;
  section.boolean("send_resolved", slack.send_resolved);
  read_http_config(section, slack.http);
  read_target(section, global, slack);
  read_texts_of_message(section, slack);
  section.each("fields", [&](const YamlNode& item) { slack.fields.push_back(read_field(item, context)); });
  section.each("actions", [&](const YamlNode& item) { slack.actions.push_back(read_action(item, context)); });
  read_strategy(section, slack);
  if (slack.message_strategy != SlackMessageStrategy::new_message && !can_update(slack)) {
    section.wrong("message_strategy",
                  "a webhook cannot change its messages: set app_token, or api_url to " + std::string(bot_url));
  }
  section.duration("timeout", slack.timeout);
  section.finish();
  return slack;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
