// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <bellwether/clock.hpp>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/duration.hpp"
#include "cli/notify_command.hpp"
#include "config/alertmanager/notifier_config.hpp"
#include "notify/route_tree.hpp"
#include "notify/time_intervals.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

constexpr int failed = 1;
constexpr int unreadable = 2;

struct RouteArguments {
  std::string config = "alertmanager.yml";
  std::vector<std::string> labels;
  bool tree = false;
  bool quiet = false;
  std::string verify;
};

// No alert is asked about, only what the routes say: unset variables do not make a file wrong here.
config::NotifierEnvironment environment() {
  config::NotifierEnvironment found = config::NotifierEnvironment::of_process();
  if (found.slack_webhook_url.empty()) found.slack_webhook_url = config::Secret("https://hooks.slack.invalid/unset");
  if (found.pagerduty_api_key.empty()) found.pagerduty_api_key = config::Secret("unset");
  return found;
}

Result<rules::AlertLabels> labels_of(const std::vector<std::string>& arguments) {
  rules::AlertLabels labels;
  for (const std::string& argument : arguments) {
    const std::size_t sign = argument.find('=');
    if (sign == 0 || sign == std::string::npos) {
      return Error{"\"" + argument + "\" is not a label: write it as name=value"};
    }
    std::string value = argument.substr(sign + 1);
    if (value.size() > 1 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (!value.empty()) labels[argument.substr(0, sign)] = value;
  }
  return labels;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

void print_tree(const notify::Route& route, const std::set<const notify::Route*>& taken, const std::string& indent) {
  fmt::print("{}{} {} -> {}{}\n", indent, taken.count(&route) != 0 ? "*" : "-",
             route.key == "{}" ? "root" : route.matchers.to_string(), route.receiver,
             route.continues ? " (continue)" : "");
  for (const notify::Route& child : route.routes) print_tree(child, taken, indent + "  ");
}

void print_route(const notify::Route& route, const rules::AlertLabels& labels, const notify::TimeIntervals& intervals,
                 std::int64_t now_ms) {
  fmt::print("{}\n  route            {}\n  group            {}\n", route.receiver, route.id,
             notify::to_string(notify::group_labels(route, labels)));
  fmt::print("  group_wait       {}\n  group_interval   {}\n  repeat_interval  {}\n", format_duration(route.group_wait),
             format_duration(route.group_interval), format_duration(route.repeat_interval));
  if (const auto names = intervals.muting(route, now_ms); !names.empty()) {
    fmt::print("  told now         no: time interval {}\n", joined(names));
  }
}

int show(const RouteArguments& arguments) {
  const auto report = config::read_notifier_config(arguments.config, environment());
  if (!report.config) {
    for (const std::string& error : report.errors) fmt::print(stderr, "{}\n", error);
    return ::access(arguments.config.c_str(), R_OK) == 0 ? failed : unreadable;
  }
  const auto labels = labels_of(arguments.labels);
  const auto tree = notify::RouteTree::build(report.config->route);
  const auto intervals = notify::TimeIntervals::build(report.config->time_intervals);
  const std::string problem = !labels      ? labels.error().message
                              : !tree      ? tree.error().message
                              : !intervals ? intervals.error().message
                                           : "";
  if (!problem.empty()) {
    fmt::print(stderr, "bellwether notify route: {}\n", problem);
    return failed;
  }
  const std::vector<const notify::Route*> routes = tree->match(*labels);
  std::vector<std::string> receivers;
  receivers.reserve(routes.size());
  for (const notify::Route* route : routes) receivers.push_back(route->receiver);
  const std::int64_t now_ms = Clock::system().wall().count() / 1'000'000;
  if (arguments.tree) print_tree(tree->root(), {routes.begin(), routes.end()}, "");
  if (arguments.quiet) {
    fmt::print("{}\n", joined(receivers));
  } else {
    for (const notify::Route* route : routes) print_route(*route, *labels, *intervals, now_ms);
  }
  if (arguments.verify.empty() || arguments.verify == joined(receivers)) return 0;
  fmt::print(stderr, "bellwether notify route: expected {}, got {}\n", arguments.verify, joined(receivers));
  return failed;
}

}  // namespace

void add_notify_route_command(CLI::App& notify, int& status) {
  auto arguments = std::make_shared<RouteArguments>();
  CLI::App* const route = notify.add_subcommand("route", "Say which receivers an alert with these labels reaches");
  route->add_option("-c,--config", arguments->config, "The alertmanager.yml")->capture_default_str();
  route->add_option("LABEL=VALUE", arguments->labels, "Labels of the alert");
  route->add_flag("--tree", arguments->tree, "Print all routes, with a * at those taken");
  route->add_flag("-q,--quiet", arguments->quiet, "Print the receivers alone, separated by commas, as amtool does");
  route->add_option("--verify", arguments->verify, "End with 1 unless these are the receivers: a,b");
  route->footer(
      "Example: bellwether notify route --config alertmanager.yml alertname=KillSwitch severity=P0\n"
      "Ends with 0, with 1 where the file is wrong or --verify fails, with 2 where it cannot be read.");
  route->callback([arguments, &status] { status = show(*arguments); });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
