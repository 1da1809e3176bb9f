// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/prometheus/http_client_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

// Receivers as alertmanager.yml has them, with what `global` says filled in: who delivers needs nothing else. Texts are Go templates;
// an absent one is the built-in template's. Files are read by who delivers, at each delivery: they may change. A secret and its
// file are never both there.

using TemplateTexts = std::map<std::string, std::string, std::less<>>;

struct SlackField {
  std::string title = {};
  std::string value = {};
  std::optional<bool> is_short = {};  ///< absent: SlackConfig::short_fields

  friend bool operator==(const SlackField&, const SlackField&) = default;
};

struct SlackConfirmation {
  std::string text = {};
  std::string title = {};
  std::string ok_text = {};
  std::string dismiss_text = {};

  friend bool operator==(const SlackConfirmation&, const SlackConfirmation&) = default;
};

/// A button: with `url`, or with `name` and `value`.
struct SlackAction {
  std::string type = {};
  std::string text = {};
  std::string url = {};
  std::string style = {};
  std::string name = {};
  std::string value = {};
  std::optional<SlackConfirmation> confirm = {};

  friend bool operator==(const SlackAction&, const SlackAction&) = default;
};

enum class SlackMessageStrategy : std::uint8_t { new_message, update, thread };

/// Sends to an incoming webhook (`api_url`), or as an app (`app_token`, to `app_url`).
struct SlackConfig {
  bool send_resolved = false;
  HttpClientConfig http = {};
  Secret api_url = {};
  std::string api_url_file = {};
  Secret app_token = {};
  std::string app_token_file = {};
  std::string app_url = "https://slack.com/api/chat.postMessage";
  std::string channel = {};
  std::optional<std::string> username = {};
  std::optional<std::string> color = {};
  std::optional<std::string> title = {};
  std::optional<std::string> title_link = {};
  std::optional<std::string> pretext = {};
  std::optional<std::string> text = {};
  std::optional<std::string> message_text = {};
  std::optional<std::string> footer = {};
  std::optional<std::string> fallback = {};
  std::optional<std::string> callback_id = {};
  std::optional<std::string> icon_emoji = {};
  std::optional<std::string> icon_url = {};
  std::string image_url = {};
  std::string thumb_url = {};
  std::vector<SlackField> fields = {};
  bool short_fields = false;
  bool link_names = false;
  std::vector<std::string> mrkdwn_in = {};
  std::vector<SlackAction> actions = {};
  SlackMessageStrategy message_strategy =
      SlackMessageStrategy::new_message;  ///< others need `app_token`, or a bot's `api_url`
  std::chrono::milliseconds timeout{0};   ///< 0: the integration's own

  friend bool operator==(const SlackConfig&, const SlackConfig&) = default;
};

struct PagerdutyLink {
  std::string href = {};
  std::string text = {};

  friend bool operator==(const PagerdutyLink&, const PagerdutyLink&) = default;
};

struct PagerdutyImage {
  std::string src = {};
  std::string alt = {};
  std::string href = {};

  friend bool operator==(const PagerdutyImage&, const PagerdutyImage&) = default;
};

/// With a routing key: Events API v2. With a service key (of the old API v1) alone: that key is sent as routing key, which
/// PagerDuty takes for integrations of either kind.
struct PagerdutyConfig {
  bool send_resolved = true;
  HttpClientConfig http = {};
  Secret routing_key = {};
  std::string routing_key_file = {};
  Secret service_key = {};
  std::string service_key_file = {};
  std::string url = {};
  std::optional<std::string> client = {};
  std::optional<std::string> client_url = {};
  std::optional<std::string> description = {};
  TemplateTexts details =
      {};  ///< added to, and going before, the built-in ones: firing, resolved, num_firing, num_resolved
  std::vector<PagerdutyLink> links = {};
  std::vector<PagerdutyImage> images = {};
  std::string source = {};  ///< empty: `client`
  std::string severity = {};
  std::string class_name = {};
  std::string component = {};
  std::string group = {};
  std::chrono::milliseconds timeout{0};  ///< 0: the integration's own

  friend bool operator==(const PagerdutyConfig&, const PagerdutyConfig&) = default;
};

struct HostAndPort {
  std::string host = {};  ///< without the brackets of an IPv6 address
  std::uint16_t port = 0;

  friend bool operator==(const HostAndPort&, const HostAndPort&) = default;
};

enum class EmailThreading : std::uint8_t { none, whole_group, daily };

struct EmailConfig {
  bool send_resolved = false;
  std::string to = {};  ///< one or more addresses, separated by commas; a template
  std::string from = {};
  std::string hello = {};
  HostAndPort smarthost = {};
  std::string auth_username = {};  ///< empty: no login
  Secret auth_password = {};
  std::string auth_password_file = {};
  Secret auth_secret = {};  ///< for CRAM-MD5
  std::string auth_secret_file = {};
  std::string auth_identity = {};
  TemplateTexts headers = {};            ///< names in canonical form, as in Reply-To
  std::optional<std::string> html = {};  ///< empty: no HTML part
  std::optional<std::string> text = {};
  bool require_tls = true;
  std::optional<bool> force_implicit_tls = {};  ///< absent: on port 465
  ClientTlsConfig tls = {};
  EmailThreading threading = EmailThreading::none;

  friend bool operator==(const EmailConfig&, const EmailConfig&) = default;
};

enum class TelegramParseMode : std::uint8_t { plain, markdown, markdown_v2, html };

struct TelegramConfig {
  bool send_resolved = true;
  HttpClientConfig http = {};
  std::string api_url = {};
  Secret bot_token = {};
  std::string bot_token_file = {};
  std::int64_t chat_id = 0;  ///< 0: in chat_id_file
  std::string chat_id_file = {};
  std::int64_t message_thread_id = 0;  ///< 0: none
  std::optional<std::string> message = {};
  bool disable_notifications = false;
  TelegramParseMode parse_mode = TelegramParseMode::html;

  friend bool operator==(const TelegramConfig&, const TelegramConfig&) = default;
};

struct WebhookConfig {
  bool send_resolved = true;
  HttpClientConfig http = {};
  Secret url = {};
  std::string url_file = {};
  std::uint64_t max_alerts = 0;          ///< 0: all
  std::chrono::milliseconds timeout{0};  ///< 0: the integration's own

  friend bool operator==(const WebhookConfig&, const WebhookConfig&) = default;
};

/// Without any integration it takes alerts and tells nobody.
struct ReceiverConfig {
  std::string name = {};
  std::vector<SlackConfig> slack_configs = {};
  std::vector<PagerdutyConfig> pagerduty_configs = {};
  std::vector<EmailConfig> email_configs = {};
  std::vector<TelegramConfig> telegram_configs = {};
  std::vector<WebhookConfig> webhook_configs = {};

  friend bool operator==(const ReceiverConfig&, const ReceiverConfig&) = default;
};

}  // namespace config
BELLWETHER_NAMESPACE_END
