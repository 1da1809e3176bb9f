// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/desk_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/desk_options.hpp"
#include "cli/run_desk.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

/// As the user wrote them.
struct DeskArguments {
  DeskOptions options;
  std::string profile = "auto";
  std::string speed;
  std::string run_for;
  std::string alert_after = "never";
  std::vector<std::string> symbols;
};

template <typename T>
T checked(const Result<T>& result, const char* option) {
  if (!result) throw CLI::ValidationError(option, result.error().message);
  return *result;
}

DeskOptions options_from(const DeskArguments& arguments) {
  DeskOptions options = arguments.options;
  if (arguments.profile != "auto") {
    options.profile = paper::profile_named(arguments.profile);
    if (!options.profile) {
      throw CLI::ValidationError("--profile", "'" + arguments.profile +
                                                  "' is none of auto, ticks, minutes-equity, minutes-coinbase, "
                                                  "daily-equity, daily-crypto, generated");
    }
  }
  if (!arguments.speed.empty()) options.speed = checked(parse_speed(arguments.speed), "--speed");
  if (!arguments.run_for.empty()) options.run_for = checked(parse_time_span(arguments.run_for), "--for");
  if (arguments.alert_after != "never") {
    options.show_alert_after = checked(parse_time_span(arguments.alert_after), "--alert-after");
  }
  for (const std::string& symbol : arguments.symbols) {
    options.symbols.push_back(checked(parse_symbol(symbol), "--symbols"));
  }
  return options;
}

void add_common(CLI::App& command, DeskArguments& arguments) {
  command
      .add_option("--data", arguments.options.data,
                  "Directory of recordings; default BELLWETHER_DATA (ticks), then ../shared/data, else the generator")
      ->type_name("DIR");
  command
      .add_option("--speed", arguments.speed,
                  "Simulated seconds a second, or max; default: what suits the profile, 1 for ticks")
      ->type_name("N|max");
  command.add_option("--for", arguments.run_for, "Stop after this time; default: at Ctrl-C")->type_name("60s");
  command.add_option("--port", arguments.options.port, "Port on 127.0.0.1; 0 takes a free one")
      ->type_name("PORT")
      ->capture_default_str();
  command.add_option("--seed", arguments.options.seed, "Seed of the generator and of the venue")
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--symbols", arguments.symbols, "Only these, comma separated")->type_name("A,B")->delimiter(',');
  command
      .add_option("--directory", arguments.options.directory,
                  "Where kill switch, state and journal are kept; default: data/ and the name")
      ->type_name("DIR");
}

}  // namespace

void add_desk_commands(CLI::App& app, int& status) {
  CLI::App* const demo = app.add_subcommand(
      "demo", "Trade on paper, on recorded or generated ticks, with a monitor beside it, and an alert that goes out");
  auto demo_arguments = std::make_shared<DeskArguments>();
  demo_arguments->options.name = "demo";
  add_common(*demo, *demo_arguments);
  demo_arguments->options.monitor_port = 9090;
  demo->add_option("--monitor-port", *demo_arguments->options.monitor_port, "The monitor's port; 0 takes a free one")
      ->type_name("PORT")
      ->capture_default_str();
  demo_arguments->alert_after = "8s";
  demo->add_option("--alert-after", demo_arguments->alert_after,
                   "When the kill switch is set and lifted, to show who is told how soon; never: not at all")
      ->type_name("8s|never")
      ->capture_default_str();
  demo->footer(
      "Example:\n"
      "  bellwether demo --speed 10 --for 60s\n"
      "  curl http://127.0.0.1:8000/metrics/prom\n"
      "  curl 'http://127.0.0.1:9090/api/v1/query?query=levi_engine_status'\n"
      "  prometheus --config.file=packs/levibot/prometheus.yml --web.listen-address=127.0.0.1:9091\n"
      "A drill: make one engine crash and see EngineCrashed fire (the token is printed at the start):\n"
      "  bellwether fault crash --symbol BTCUSDT --token $TOKEN");
  demo->callback([demo_arguments, &status] { status = run_desk(options_from(*demo_arguments)); });

  CLI::App* const desk = app.add_subcommand("desk", "The paper desk: profiles, several instances, real stores");
  auto arguments = std::make_shared<DeskArguments>();
  add_common(*desk, *arguments);
  desk->add_option("--profile", arguments->profile,
                   "auto, ticks, minutes-equity, minutes-coinbase, daily-equity, daily-crypto or generated")
      ->type_name("NAME")
      ->capture_default_str();
  desk->add_option("--name", arguments->options.name, "Which of several desks this is")
      ->type_name("NAME")
      ->capture_default_str();
  desk->add_option("--state", arguments->options.state_url, "Keep the state in a Redis instead of a file")
      ->type_name("redis://HOST:PORT/DB");
  desk->add_option("--journal", arguments->options.journal_url, "Keep the journal in a PostgreSQL instead of SQLite")
      ->type_name("postgresql://HOST:PORT/DB");
  desk->add_flag("--raw-prices", arguments->options.raw_prices,
                 "Daily equities without their factor files: splits look like losses");
  desk->footer(
      "Examples:\n"
      "  bellwether desk --profile daily-crypto --speed max --for 30s\n"
      "  bellwether desk --name bot --port 8001 --state redis://127.0.0.1:6379/0\n"
      "docs/desk.md describes it all.");
  desk->callback([arguments, &status] { status = run_desk(options_from(*arguments)); });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
