// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/make_integrations.hpp"

#include <optional>

#include "net/libcurl.hpp"
#include "notify/receivers/channels.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

/// Finds the first field that is no template.
class FieldCheck {
 public:
  FieldCheck(const MessageTemplates& templates, std::string where) : templates_(templates), where_(std::move(where)) {}

  FieldCheck& field(std::string_view key, std::string_view text) {
    if (!error_) {
      if (const auto checked = templates_.check(where_ + "." + std::string(key), text); !checked)
        error_ = checked.error();
    }
    return *this;
  }
  FieldCheck& field(std::string_view key, const std::optional<std::string>& text) {
    return text ? field(key, std::string_view(*text)) : *this;
  }
  FieldCheck& fields(std::string_view key, const config::TemplateTexts& texts) {
    for (const auto& [name, text] : texts) field(std::string(key) + "." + name, std::string_view(text));
    return *this;
  }
  const std::optional<Error>& error() const noexcept { return error_; }

 private:
  const MessageTemplates& templates_;
  std::string where_;
  std::optional<Error> error_;
};

void check(FieldCheck& check, const config::SlackConfig& slack) {
  check.field("channel", std::string_view(slack.channel)).field("username", slack.username).field("color", slack.color);
  check.field("title", slack.title)
      .field("title_link", slack.title_link)
      .field("pretext", slack.pretext)
      .field("text", slack.text);
  check.field("message_text", slack.message_text).field("footer", slack.footer).field("fallback", slack.fallback);
  check.field("callback_id", slack.callback_id).field("icon_emoji", slack.icon_emoji).field("icon_url", slack.icon_url);
  check.field("image_url", std::string_view(slack.image_url)).field("thumb_url", std::string_view(slack.thumb_url));
  for (const config::SlackField& field : slack.fields) {
    check.field("fields", std::string_view(field.title)).field("fields", std::string_view(field.value));
  }
  for (const config::SlackAction& action : slack.actions) {
    check.field("actions", std::string_view(action.text)).field("actions", std::string_view(action.url));
    check.field("actions", std::string_view(action.value));
  }
}

void check(FieldCheck& check, const config::PagerdutyConfig& pagerduty) {
  check.field("client", pagerduty.client)
      .field("client_url", pagerduty.client_url)
      .field("description", pagerduty.description);
  check.field("source", std::string_view(pagerduty.source)).field("severity", std::string_view(pagerduty.severity));
  check.field("class", std::string_view(pagerduty.class_name))
      .field("component", std::string_view(pagerduty.component));
  check.field("group", std::string_view(pagerduty.group)).fields("details", pagerduty.details);
  for (const config::PagerdutyLink& link : pagerduty.links) {
    check.field("links", std::string_view(link.href)).field("links", std::string_view(link.text));
  }
}

void check(FieldCheck& check, const config::EmailConfig& email) {
  check.field("to", std::string_view(email.to))
      .field("from", std::string_view(email.from))
      .fields("headers", email.headers);
  check.field("html", email.html).field("text", email.text);
}

void check(FieldCheck& check, const config::TelegramConfig& telegram) {
  check.field("message", telegram.message);
}

void check(FieldCheck&, const config::WebhookConfig&) {}

using Integrations = std::vector<std::shared_ptr<Integration>>;

template <typename Config, typename Make>
Result<void> add(Integrations& to, const std::string& receiver, std::string_view kind,
                 const std::vector<Config>& configs, const ReceiverParts& parts, Make make) {
  for (std::size_t i = 0; i < configs.size(); ++i) {
    const std::string name = std::string(kind) + "[" + std::to_string(i) + "]";
    FieldCheck fields(*parts.templates, std::string("receiver ").append(receiver).append(": ").append(name));
    check(fields, configs[i]);
    if (fields.error()) return *fields.error();
    to.push_back(make(receiver, name, configs[i], parts));
  }
  return {};
}

}  // namespace

Result<Integrations> make_integrations(const config::ReceiverConfig& receiver, const ReceiverParts& given) {
  ReceiverParts parts = given;
  if (!parts.templates) {
    Result<MessageTemplates> defaults = MessageTemplates::load();
    if (!defaults) return defaults.error();
    parts.templates = std::make_shared<const MessageTemplates>(std::move(*defaults));
  }
  Integrations made;
  Result<void> added = add(made, receiver.name, "slack", receiver.slack_configs, parts, &make_slack);
  if (added) added = add(made, receiver.name, "pagerduty", receiver.pagerduty_configs, parts, &make_pagerduty);
  if (added) added = add(made, receiver.name, "email", receiver.email_configs, parts, &make_email);
  if (added) added = add(made, receiver.name, "telegram", receiver.telegram_configs, parts, &make_telegram);
  if (added) added = add(made, receiver.name, "webhook", receiver.webhook_configs, parts, &make_webhook);
  if (!added) return added.error();
  // Now, and not when the first alert must go out.
  if (!made.empty() && !net::start_libcurl_once()) {
    return Error{"receiver " + receiver.name +
                 " needs libcurl.so.4, which cannot be loaded: install the package libcurl4"};
  }
  return made;
}

Result<Receivers> make_receivers(const config::NotifierConfig& config, const ReceiverParts& given) {
  ReceiverParts parts = given;
  if (!parts.templates) {
    Result<MessageTemplates> loaded = MessageTemplates::load(config.templates);
    if (!loaded) return loaded.error();
    parts.templates = std::make_shared<const MessageTemplates>(std::move(*loaded));
  }
  if (parts.webhook_key.empty() && parts.webhook_key_file.empty()) {
    parts.webhook_key = config.extensions.webhook_key;
    parts.webhook_key_file = config.extensions.webhook_key_file;
  }
  Receivers receivers;
  for (const config::ReceiverConfig& receiver : config.receivers) {
    Result<Integrations> made = make_integrations(receiver, parts);
    if (!made) return made.error();
    receivers.insert_or_assign(receiver.name, std::move(*made));
  }
  return receivers;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
