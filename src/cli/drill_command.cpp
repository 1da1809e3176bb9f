// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/drill_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "cli/desk_options.hpp"
#include "cli/drill/alert_tester.hpp"
#include "cli/drill/run_drills.hpp"
#include "net/http_client.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

struct DrillArguments {
  drill::DrillOptions options;
  std::string monitor = "http://127.0.0.1:9090";  // of the tester
  std::string fire_within = "1m";
  std::string resolve_within = "1m";
  std::uint16_t listen_port = 9099;
};

std::string token_of(const std::string& given) {
  const char* const from_environment = std::getenv("BELLWETHER_TOKEN");
  return given.empty() && from_environment != nullptr ? from_environment : given;
}

int test_alerts(const DrillArguments& arguments,
                const std::function<Result<std::string>(drill::AlertTester&)>& action) {
  net::HttpClient http;
  drill::DeskControl desk{http, arguments.options.desk, token_of(arguments.options.token)};
  drill::AlertTester tester{http, desk, arguments.monitor};
  if (!action) {
    tester.menu(std::cin, std::cout);
    return 0;
  }
  const auto done = action(tester);
  if (!done) {
    fmt::print(stderr, "bellwether drill: {}\n", done.error().message);
    return 1;
  }
  fmt::print("{}", *done);
  return 0;
}

std::chrono::nanoseconds duration(const std::string& text, const char* option) {
  const auto read = parse_time_span(text);
  if (!read) throw CLI::ValidationError(option, read.error().message);
  return *read;
}

void add_desk_options(CLI::App* command, DrillArguments& arguments) {
  command->add_option("--desk", arguments.options.desk, "The desk")->type_name("URL")->capture_default_str();
  command
      ->add_option("--token", arguments.options.token, "What the desk printed at its start; default BELLWETHER_TOKEN")
      ->type_name("TOKEN");
}

void add_run(CLI::App* drill, const std::shared_ptr<DrillArguments>& arguments, int& status) {
  CLI::App* const run =
      drill->add_subcommand("run", "Switch on, wait for the alert, switch off, wait for its end; a table");
  drill::DrillOptions& options = arguments->options;
  run->add_option("NAME", options.names, "Scenarios or alerts; default: all");
  run->add_option("--severity", options.severity, "Only these")->check(CLI::IsMember({"critical", "warning", "info"}));
  run->add_flag("--stand-in", options.stand_in, "Every alert of the packs, on an exporter of the drill's own");
  add_desk_options(run, *arguments);
  run->add_option("--packs", options.packs, "The project's folder of packs")->type_name("DIR")->capture_default_str();
  run->add_option("--monitor", options.monitor,
                  "A monitor that is there, and sends webhooks to --port; default: one of the drill's own")
      ->type_name("URL");
  run->add_option("--prepare", options.prepare,
                  "Write prometheus.yml, alertmanager.yml and rules there, and wait for who scrapes with them")
      ->type_name("DIR");
  run->add_option("--alertmanager", options.alertmanager, "With --prepare: where an Alertmanager listens")
      ->type_name("HOST:PORT");
  run->add_flag("--own-times", options.own_times, "The rules' own times; default: `for` 0s, windows of 3 s");
  run->add_option("--port", options.port, "Where webhooks come to; 0: any free one")->capture_default_str();
  run->add_option("--fire-within", arguments->fire_within, "Patience with an alert")
      ->type_name("1m")
      ->capture_default_str();
  run->add_option("--resolve-within", arguments->resolve_within, "Patience with its end")
      ->type_name("1m")
      ->capture_default_str();
  run->add_flag("--json", options.json, "Print JSON");
  run->footer(
      "Examples:\n"
      "  bellwether drill run kill_switch --token 0123456789abcdef\n"
      "  bellwether drill run --stand-in\n"
      "Ends with 0 when every alert arrived and ended, 1 when one did not, 2 when the drill could not run.");
  run->callback([arguments, &status] {
    drill::DrillOptions asked = arguments->options;
    asked.token = token_of(asked.token);
    asked.fire_within = duration(arguments->fire_within, "--fire-within");
    asked.resolve_within = duration(arguments->resolve_within, "--resolve-within");
    status = drill::run_drills(asked);
  });
}

}  // namespace

void add_drill_command(CLI::App& app, int& status) {
  CLI::App* const drill = app.add_subcommand("drill", "Make a desk fail, and see whether the alerts arrive");
  auto arguments = std::make_shared<DrillArguments>();
  drill->require_subcommand(0, 1);
  add_desk_options(drill, *arguments);
  drill->add_option("--monitor", arguments->monitor, "The monitor in front of the desk")
      ->type_name("URL")
      ->capture_default_str();
  drill->fallthrough();
  drill->footer("Without a subcommand: a menu (status, critical, warning, reset).");

  drill->add_subcommand("list", "What there is")->callback([] { drill::list_drills(); });
  add_run(drill, arguments, status);
  const auto test = [&](const char* name, const char* what,
                        std::function<Result<std::string>(drill::AlertTester&)> action) {
    drill->add_subcommand(name, what)->callback([arguments, &status, action = std::move(action)] {
      status = test_alerts(*arguments, action);
    });
  };
  test("status", "How the desk does, and which alerts there are",
       [](drill::AlertTester& tester) { return tester.status(); });
  test("critical", "Raise the desk's critical alerts, until a reset",
       [](drill::AlertTester& tester) { return tester.raise("critical"); });
  test("warning", "Raise the desk's warnings, until a reset",
       [](drill::AlertTester& tester) { return tester.raise("warning"); });
  test("reset", "All faults off, latches lifted, engines started",
       [](drill::AlertTester& tester) { return tester.reset(); });
  CLI::App* const listen = drill->add_subcommand("listen", "Print the webhooks that arrive, until Ctrl-C");
  listen->add_option("--port", arguments->listen_port, "Where")->capture_default_str();
  listen->callback([arguments, &status] { status = drill::listen_for_alerts(arguments->listen_port); });
  drill->callback([drill, arguments, &status] {
    if (drill->get_subcommands().empty()) status = test_alerts(*arguments, {});
  });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
