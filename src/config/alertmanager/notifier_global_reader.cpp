// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/alertmanager/readers.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

void read_smtp(SectionReader& section, NotifierGlobal& global) {
  section.text("smtp_from", global.smtp_from);
  section.text("smtp_hello", global.smtp_hello);
  read_host_and_port(section, "smtp_smarthost", global.smtp_smarthost);
  section.text("smtp_auth_username", global.smtp_auth_username);
  read_secret_or_file(section, "smtp_auth_password", "smtp_auth_password_file", global.smtp_auth_password,
                      global.smtp_auth_password_file);
  read_secret_or_file(section, "smtp_auth_secret", "smtp_auth_secret_file", global.smtp_auth_secret,
                      global.smtp_auth_secret_file);
  section.text("smtp_auth_identity", global.smtp_auth_identity);
  section.boolean("smtp_require_tls", global.smtp_require_tls);
  bool implicit = false;
  if (section.boolean("smtp_force_implicit_tls", implicit)) global.smtp_force_implicit_tls = implicit;
  read_tls_config(section, "smtp_tls_config", global.smtp_tls);
}

void read_slack_keys(SectionReader& section, NotifierGlobal& global) {
  read_secret_url(section, "slack_api_url", global.slack_api_url);
  section.path("slack_api_url_file", global.slack_api_url_file);
  exclude_keys(section, "slack_api_url", "slack_api_url_file");
  read_secret_or_file(section, "slack_app_token", "slack_app_token_file", global.slack_app_token,
                      global.slack_app_token_file);
  read_url(section, "slack_app_url", global.slack_app_url);
}

// Defaults of receivers that are refused where one of them stands; alone they do nothing, in a real Alertmanager too.
constexpr std::array<std::string_view, 19> of_others{"jira_api_url",
                                                     "opsgenie_api_url",
                                                     "opsgenie_api_key",
                                                     "opsgenie_api_key_file",
                                                     "wechat_api_url",
                                                     "wechat_api_secret",
                                                     "wechat_api_corp_id",
                                                     "wechat_api_secret_file",
                                                     "victorops_api_url",
                                                     "victorops_api_key",
                                                     "webex_api_url",
                                                     "victorops_api_key_file",
                                                     "rocketchat_api_url",
                                                     "rocketchat_token",
                                                     "rocketchat_token_id",
                                                     "rocketchat_token_file",
                                                     "mattermost_webhook_url",
                                                     "mattermost_webhook_url_file",
                                                     "rocketchat_token_id_file"};

}  // namespace

void read_notifier_global(const YamlNode& node, ReadContext& context, NotifierGlobal& global) {
  SectionReader section(node, "global", context);
  section.duration("resolve_timeout", global.resolve_timeout);
  read_http_config(section, global.http);
  read_smtp(section, global);
  read_slack_keys(section, global);
  read_url(section, "pagerduty_url", global.pagerduty_url);
  read_url(section, "telegram_api_url", global.telegram_api_url);
  read_secret_or_file(section, "telegram_bot_token", "telegram_bot_token_file", global.telegram_bot_token,
                      global.telegram_bot_token_file);
  for (const std::string_view key : of_others) section.find(key);
  section.finish();
}

}  // namespace config
BELLWETHER_NAMESPACE_END
