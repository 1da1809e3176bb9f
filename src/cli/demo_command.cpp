// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/demo_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/demo.hpp"
#include "cli/demo_options.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

/// As the user wrote them.
struct DemoArguments {
  DemoOptions options;
  std::string speed = "1";
  std::string run_for;
  std::vector<std::string> symbols;
};

template <typename T>
T checked(const Result<T>& result, const char* option) {
  if (!result) throw CLI::ValidationError(option, result.error().message);
  return *result;
}

DemoOptions options_from(const DemoArguments& arguments) {
  DemoOptions options = arguments.options;
  options.speed = checked(parse_speed(arguments.speed), "--speed");
  if (!arguments.run_for.empty()) options.run_for = checked(parse_duration(arguments.run_for), "--for");
  for (const std::string& symbol : arguments.symbols) {
    options.symbols.push_back(checked(parse_symbol(symbol), "--symbols"));
  }
  return options;
}

}  // namespace

void add_demo_command(CLI::App& app, int& status) {
  CLI::App* const demo =
      app.add_subcommand("demo", "Trade on paper, on recorded or generated ticks, and export it all");
  auto arguments = std::make_shared<DemoArguments>();
  demo->add_option("--data", arguments->options.data,
                   "Directory of recorded ticks; default BELLWETHER_DATA, then ../shared/data/binance_ticks_20240808, "
                   "else the generator")
      ->type_name("DIR");
  demo->add_option("--speed", arguments->speed, "Times real time, or max")->type_name("N|max")->capture_default_str();
  demo->add_option("--for", arguments->run_for, "Stop after this time; default: at Ctrl-C")->type_name("60s");
  demo->add_option("--port", arguments->options.port, "Port on 127.0.0.1; 0 takes a free one")
      ->type_name("PORT")
      ->capture_default_str();
  demo->add_option("--seed", arguments->options.seed, "Seed of the generator")->type_name("N")->capture_default_str();
  demo->add_option("--symbols", arguments->symbols, "Only these, comma separated")->type_name("A,B")->delimiter(',');
  demo->footer(
      "Example:\n"
      "  bellwether demo --speed 10 --for 60s\n"
      "  curl http://127.0.0.1:8000/metrics/prom\n"
      "  prometheus --config.file=packs/levibot/prometheus.yml\n"
      "A drill: make one engine crash and see EngineCrashed fire (the token is printed at the start):\n"
      "  curl -X POST -H \"Authorization: Bearer $TOKEN\" http://127.0.0.1:8000/engines/BTCUSDT/crash");
  demo->callback([arguments, &status] { status = run_demo(options_from(*arguments)); });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
