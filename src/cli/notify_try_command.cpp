// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <bellwether/clock.hpp>
#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "api/v2/posted_alerts.hpp"
#include "cli/notify_command.hpp"
#include "notify/group.hpp"
#include "notify/receivers/make_integrations.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

using namespace std::chrono_literals;

constexpr int failed = 1;
constexpr int unreadable = 2;

struct TryArguments {
  std::string config = "alertmanager.yml";
  std::string receiver;
  std::string severity = "P2";
  std::string alerts_file;
  std::string external_url = "http://localhost:9090";
  bool resolved = false;
  bool resolve = false;
};

int say(const std::string& problem, int status) {
  fmt::print(stderr, "bellwether: {}\n", problem);
  return status;
}

std::int64_t now_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::system().wall()).count();
}

rules::Alert sample_alert(const TryArguments& arguments, std::int64_t now_ms) {
  rules::Alert alert;
  alert.labels = {{"alertname", "BellwetherTest"}, {"severity", arguments.severity}, {"component", "notify"}};
  alert.annotations = {
      {"summary", "A test of the receiver " + arguments.receiver},
      {"description", "Sent by `bellwether notify test`. Nothing is wrong, and there is nothing to do."},
      {"value", "42"}};
  alert.starts_ms = now_ms - 1000;
  alert.updated_ms = now_ms;
  alert.generator_url = arguments.external_url + "/graph?g0.expr=vector(42)";
  return alert;
}

/// The body of POST /api/v2/alerts.
Result<std::vector<rules::Alert>> alerts_of_file(const std::string& path, std::int64_t now_ms) {
  std::ostringstream text;
  std::ifstream file(path, std::ios::binary);
  if (!file || !(text << file.rdbuf())) return Error{"cannot read " + path + "; check the path"};
  auto posted = api::read_posted_alerts(text.str(), now_ms, 1h);
  if (!posted) {
    const net::Response why = posted.refused();
    const std::string* const body = std::get_if<std::string>(&why.body);
    return Error{path + ": " + (body == nullptr ? "refused" : *body) +
                 "; it must hold a list of alerts as POST /api/v2/alerts takes them"};
  }
  if (posted->alerts.empty())
    return Error{path + " holds no alert that can be used" + (posted->faults.empty() ? "" : ": " + posted->faults)};
  return posted->alerts;
}

notify::Notification notification_of(const TryArguments& arguments, std::vector<rules::Alert> alerts,
                                     std::int64_t now_ms) {
  notify::Notification notification;
  notification.receiver = arguments.receiver;
  notification.group_labels = {{"alertname", alerts.front().labels["alertname"]}};
  notification.group_key = "{}:{alertname=\"" + alerts.front().labels["alertname"] + "\"}";
  notification.alerts = std::move(alerts);
  notification.external_url = arguments.external_url;
  notification.now_ms = now_ms;
  notify::fill_common(notification);
  return notification;
}

/// The integrations of the receiver; an error where there is none of the name.
Result<std::vector<std::shared_ptr<notify::Integration>>> integrations_of(const TryArguments& arguments,
                                                                          const notify::ReceiverParts& with) {
  const auto config = config::load_notifier_config(arguments.config, config::NotifierEnvironment::of_process());
  if (!config) return config.error();
  const config::ReceiverConfig* const receiver = config::find_receiver(*config, arguments.receiver);
  if (receiver == nullptr) {
    std::string names;
    for (const config::ReceiverConfig& known : config->receivers) names += (names.empty() ? "" : ", ") + known.name;
    return Error{arguments.config + " has no receiver \"" + arguments.receiver + "\"; it has: " + names};
  }
  notify::ReceiverParts parts = with;
  auto templates = notify::MessageTemplates::load(config->templates);
  if (!templates) return templates.error();
  parts.templates = std::make_shared<const notify::MessageTemplates>(std::move(*templates));
  parts.webhook_key = config->extensions.webhook_key;
  parts.webhook_key_file = config->extensions.webhook_key_file;
  auto made = notify::make_integrations(*receiver, parts);
  if (made && made->empty())
    return Error{"the receiver \"" + arguments.receiver + "\" tells nobody: it has no integration"};
  return made;
}

std::string_view outcome_text(notify::DeliveryOutcome outcome) {
  switch (outcome) {
    case notify::DeliveryOutcome::delivered:
      return "delivered";
    case notify::DeliveryOutcome::transient:
      return "failed, would be tried again";
    case notify::DeliveryOutcome::rate_limited:
      return "rate limited, would wait";
    case notify::DeliveryOutcome::permanent:
      return "refused for good";
    case notify::DeliveryOutcome::unauthorized:
      return "refused: credentials";
  }
  return "failed";
}

notify::DeliveryResult deliver(notify::Integration& integration, const notify::OutgoingMessage& message) {
  auto answer = std::make_shared<std::promise<notify::DeliveryResult>>();
  std::future<notify::DeliveryResult> result = answer->get_future();
  integration.deliver(message, [answer](notify::DeliveryResult with) { answer->set_value(std::move(with)); });
  if (result.wait_for(90s) == std::future_status::ready) return result.get();
  return {.outcome = notify::DeliveryOutcome::transient, .error = "no answer within 90 s"};
}

int send_test(const TryArguments& arguments) {
  const notify::ReceiverParts parts{.http = std::make_shared<notify::AsyncHttpSender>(),
                                    .mail = std::make_shared<notify::SmtpSender>()};
  const auto integrations = integrations_of(arguments, parts);
  if (!integrations) return say(integrations.error().message, unreadable);
  const std::int64_t now_ms = now_milliseconds();
  const rules::Alert alert = sample_alert(arguments, now_ms);
  int status = 0;
  std::uint64_t id = static_cast<std::uint64_t>(now_ms);
  for (const auto& integration : *integrations) {
    std::string reference;
    for (const bool over : {false, true}) {
      if (over && (!arguments.resolve || !integration->send_resolved())) continue;
      rules::Alert told = alert;
      if (over) told.ends_ms = now_ms;
      const auto payload = integration->render(notification_of(arguments, {told}, now_ms));
      if (!payload) {
        status = say(payload.error().message, failed);
        continue;
      }
      const auto begin = Clock::system().monotonic();
      const auto result =
          deliver(*integration, {.id = ++id,
                                 .payload = *payload,
                                 .deduplication_key = "bellwether-notify-test-" + std::to_string(now_ms),
                                 .reference = reference});
      const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::system().monotonic() - begin);
      fmt::print("{:<14} {:<9} {} ({} ms){}{}\n", integration->name(), over ? "resolved" : "firing",
                 outcome_text(result.outcome), took.count(), result.error.empty() ? "" : ": ", result.error);
      reference = result.reference;
      if (result.outcome != notify::DeliveryOutcome::delivered) status = failed;
    }
  }
  return status;
}

int show_message(const TryArguments& arguments) {
  const auto integrations = integrations_of(arguments, {});
  if (!integrations) return say(integrations.error().message, unreadable);
  const std::int64_t now_ms = now_milliseconds();
  std::vector<rules::Alert> alerts{sample_alert(arguments, now_ms)};
  if (!arguments.alerts_file.empty()) {
    auto read = alerts_of_file(arguments.alerts_file, now_ms);
    if (!read) return say(read.error().message, unreadable);
    alerts = std::move(*read);
  }
  if (arguments.resolved) {
    for (rules::Alert& alert : alerts) alert.ends_ms = now_ms;
  }
  int status = 0;
  for (const auto& integration : *integrations) {
    const auto payload = integration->render(notification_of(arguments, alerts, now_ms));
    if (!payload) {
      status = say(payload.error().message, failed);
      continue;
    }
    fmt::print("# {}\n{}{}", integration->name(), *payload, payload->ends_with('\n') ? "\n" : "\n\n");
  }
  return status;
}

void add_shared(CLI::App& command, TryArguments& arguments) {
  command.add_option("RECEIVER", arguments.receiver, "The name of a receiver")->required();
  command.add_option("--config", arguments.config, "The alertmanager.yml")->capture_default_str();
  command.add_option("--severity", arguments.severity, "The sample's label severity")->capture_default_str();
  command.add_option("--external-url", arguments.external_url, "Where links lead")->capture_default_str();
}

}  // namespace

void add_notify_test_command(CLI::App& notify, int& status) {
  auto arguments = std::make_shared<TryArguments>();
  CLI::App* const command =
      notify.add_subcommand("test", "Send a test alert to each integration of a receiver, and say what came of it");
  add_shared(*command, *arguments);
  command->add_flag("--resolve", arguments->resolve, "Then send its end, where the integration takes ends");
  command->callback([arguments, &status] { status = send_test(*arguments); });
}

void add_notify_render_command(CLI::App& notify, int& status) {
  auto arguments = std::make_shared<TryArguments>();
  CLI::App* const command =
      notify.add_subcommand("render", "Show what would be sent to each integration of a receiver; nothing is sent");
  add_shared(*command, *arguments);
  command->add_option("--alerts", arguments->alerts_file,
                      "Alerts in JSON, as POST /api/v2/alerts takes them; else a sample");
  command->add_flag("--resolved", arguments->resolved, "As if they had ended");
  command->callback([arguments, &status] { status = show_message(*arguments); });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
