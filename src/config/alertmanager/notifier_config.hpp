// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/alertmanager/notifier_extensions.hpp"
#include "config/alertmanager/receiver_config.hpp"
#include "config/alertmanager/route_config.hpp"
#include "config/alertmanager/time_interval_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// `global`. All but `resolve_timeout` is also filled into the receivers.
struct NotifierGlobal {
  std::chrono::milliseconds resolve_timeout{
      300'000};  ///< until an alert without an end, told no more, counts as resolved
  HttpClientConfig http;
  std::string smtp_from;
  std::string smtp_hello = "localhost";
  HostAndPort smtp_smarthost;
  std::string smtp_auth_username;
  Secret smtp_auth_password;
  std::string smtp_auth_password_file;
  Secret smtp_auth_secret;
  std::string smtp_auth_secret_file;
  std::string smtp_auth_identity;
  bool smtp_require_tls = true;
  std::optional<bool> smtp_force_implicit_tls;
  ClientTlsConfig smtp_tls;
  Secret slack_api_url;
  std::string slack_api_url_file;
  Secret slack_app_token;
  std::string slack_app_token_file;
  std::string slack_app_url;
  std::string pagerduty_url = "https://events.pagerduty.com/v2/enqueue";
  std::string telegram_api_url = "https://api.telegram.org";
  Secret telegram_bot_token;
  std::string telegram_bot_token_file;

  friend bool operator==(const NotifierGlobal&, const NotifierGlobal&) = default;
};

/// Secrets that come with the process instead of in a file: SLACK_WEBHOOK_URL, SMTP_USER, SMTP_PASSWORD, PAGERDUTY_API_KEY,
/// BELLWETHER_WEBHOOK_KEY.
///
/// They stand in for values that the file leaves out, or names in a `*_file` that does not exist:
///   SLACK_WEBHOOK_URL  global slack_api_url          SMTP_USER      global smtp_auth_username
///   PAGERDUTY_API_KEY  each routing_key              SMTP_PASSWORD  global smtp_auth_password
///   BELLWETHER_WEBHOOK_KEY  what bellwether.yml's webhook_key_file names
/// So one file serves both a real Alertmanager, which refuses a Slack or PagerDuty receiver without a key (write
/// `slack_api_url_file: secrets/slack`: it looks at that path only when it sends), and us with or without the variables.
/// What is in the file, or in a file that exists, goes before a variable; nothing is expanded inside a value.
struct NotifierEnvironment {
  Secret slack_webhook_url = {};
  std::string smtp_user = {};
  Secret smtp_password = {};
  Secret pagerduty_api_key = {};
  Secret webhook_key = {};

  /// Of this process.
  static NotifierEnvironment of_process();
};

/// alertmanager.yml as Alertmanager reads it, as a value: defaults filled in, checked, paths as we open them. (AlertmanagerConfig is
/// the name of prometheus.yml's way to one.)
///
///     Result<NotifierConfig> config = load_notifier_config("alertmanager.yml", NotifierEnvironment::of_process());
///     if (!config) return fail(config.error().message);   // every error, a line each
///     auto tree = notify::RouteTree::build(config->route);
///
/// Threads: a plain value.
struct NotifierConfig {
  NotifierGlobal global;
  RouteConfig route;                      ///< the root: has a receiver and no matchers
  std::vector<ReceiverConfig> receivers;  ///< names differ
  std::vector<InhibitRule> inhibit_rules;
  std::vector<TimeInterval> time_intervals;  ///< the old mute_time_intervals too; names differ
  std::vector<std::string> templates;        ///< globs
  NotifierExtensions extensions;             ///< of bellwether.yml

  friend bool operator==(const NotifierConfig&, const NotifierConfig&) = default;
};

const ReceiverConfig* find_receiver(const NotifierConfig& config, std::string_view name) noexcept;

/// A configuration, or everything that is wrong with it: `file:line:column: what is wrong: what to do`, in the file's order.
struct NotifierConfigReport {
  std::optional<NotifierConfig> config;  ///< there when `errors` is empty
  std::vector<std::string> errors;
};

/// Blocks on the disk: reads the file, and `bellwether.yml` in its folder where there is one; templates, certificates and secrets
/// are opened by who uses them. No error holds a secret.
NotifierConfigReport read_notifier_config(const std::string& path, const NotifierEnvironment& environment);
/// The same from texts; `name` stands in errors, and its folder is that of relative paths. No text of extensions: defaults.
NotifierConfigReport read_notifier_config_text(std::string_view text, const std::string& name,
                                               const NotifierEnvironment& environment = {},
                                               std::optional<std::string_view> extensions = std::nullopt);

/// The error's message is that of all errors, a line each.
Result<NotifierConfig> load_notifier_config(const std::string& path, const NotifierEnvironment& environment);

/// Whether a file looks like an alertmanager.yml rather than a prometheus.yml, by its keys on top, else by its name.
bool is_notifier_config(const std::string& path);

/// As Alertmanager shows what it has read (API v2, /status): secrets as <secret>; without http_config and the rarer keys of
/// receivers. A real Alertmanager and amtool can read it.
std::string to_yaml(const NotifierConfig& config);

}  // namespace config
BELLWETHER_NAMESPACE_END
