// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/check_notifier.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <set>
#include <vector>

#include "config/alertmanager/notifier_config.hpp"
#include "config/prometheus/prometheus_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

struct Found {
  std::size_t routes = 0;
  std::size_t integrations = 0;
  std::size_t templates = 0;
  std::vector<std::string> warnings;
};

std::string plural(std::size_t count, const std::string& what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

void count_routes(const config::RouteConfig& route, std::set<std::string>& receivers, std::size_t& count) {
  ++count;
  receivers.insert(route.receiver);
  for (const config::RouteConfig& child : route.routes) count_routes(child, receivers, count);
}

void look_for_secret(const std::string& where, const std::string& path, Found& found) {
  if (!path.empty() && ::access(path.c_str(), R_OK) != 0) {
    found.warnings.push_back(fmt::format("{}: {} cannot be read", where, path));
  }
}

void look_at_receiver(const config::ReceiverConfig& receiver, Found& found) {
  const std::string where = "receiver " + receiver.name;
  found.integrations += receiver.slack_configs.size() + receiver.pagerduty_configs.size() +
                        receiver.email_configs.size() + receiver.telegram_configs.size() +
                        receiver.webhook_configs.size();
  for (const auto& slack : receiver.slack_configs) {
    look_for_secret(where, slack.api_url_file, found);
    look_for_secret(where, slack.app_token_file, found);
  }
  for (const auto& pager : receiver.pagerduty_configs) {
    look_for_secret(where, pager.routing_key_file, found);
    look_for_secret(where, pager.service_key_file, found);
  }
  for (const auto& email : receiver.email_configs) {
    look_for_secret(where, email.auth_password_file, found);
    look_for_secret(where, email.auth_secret_file, found);
  }
  for (const auto& telegram : receiver.telegram_configs) {
    look_for_secret(where, telegram.bot_token_file, found);
    look_for_secret(where, telegram.chat_id_file, found);
  }
  for (const auto& webhook : receiver.webhook_configs) look_for_secret(where, webhook.url_file, found);
}

Found look_around(const config::NotifierConfig& config) {
  Found found;
  std::set<std::string> used{config.extensions.fallback_receiver};
  count_routes(config.route, used, found.routes);
  for (const config::EscalationPolicy& policy : config.extensions.escalation) {
    for (const config::EscalationStep& step : policy.steps) used.insert(step.receivers.begin(), step.receivers.end());
  }
  for (const config::ReceiverConfig& receiver : config.receivers) {
    look_at_receiver(receiver, found);
    if (used.count(receiver.name) == 0) {
      found.warnings.push_back(fmt::format("receiver {} is reached by no route", receiver.name));
    }
  }
  for (const std::string& glob : config.templates) {
    const std::size_t files = config::find_files(glob).size();
    found.templates += files;
    if (files == 0) found.warnings.push_back(fmt::format("templates: no file {}", glob));
  }
  for (const config::WatchdogConfig& watchdog : config.extensions.watchdogs) {
    look_for_secret("watchdog " + watchdog.name, watchdog.url_file, found);
  }
  return found;
}

void print_json(const std::vector<std::string>& errors, const config::NotifierConfig& config, const Found& found) {
  const boost::json::object answer{{"valid", errors.empty()},
                                   {"errors", boost::json::value_from(errors)},
                                   {"warnings", boost::json::value_from(found.warnings)},
                                   {"receivers", config.receivers.size()},
                                   {"integrations", found.integrations},
                                   {"routes", found.routes},
                                   {"inhibit_rules", config.inhibit_rules.size()},
                                   {"time_intervals", config.time_intervals.size()},
                                   {"templates", found.templates}};
  fmt::print("{}\n", boost::json::serialize(answer));
}

}  // namespace

int check_notifier_file(const std::string& file, bool json) {
  const auto report = config::read_notifier_config(file, config::NotifierEnvironment::of_process());
  const Found found = report.config ? look_around(*report.config) : Found{};
  if (json) {
    print_json(report.errors, report.config.value_or(config::NotifierConfig{}), found);
  } else if (report.config) {
    const config::NotifierConfig& config = *report.config;
    fmt::print("{} is valid: {} with {}, {}, {}, {}, {}\n", file, plural(config.receivers.size(), "receiver"),
               plural(found.integrations, "integration"), plural(found.routes, "route"),
               plural(config.inhibit_rules.size(), "inhibit rule"),
               plural(config.time_intervals.size(), "time interval"), plural(found.templates, "template file"));
    for (const std::string& warning : found.warnings) fmt::print("  note: {}\n", warning);
  } else {
    for (const std::string& error : report.errors) fmt::print(stderr, "{}\n", error);
    fmt::print(stderr, "{}: {}\n", file, plural(report.errors.size(), "error"));
  }
  if (report.config) return 0;
  return ::access(file.c_str(), R_OK) == 0 ? 1 : 2;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
