// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <bellwether/version.hpp>
#include <exception>
#include <string>

#include "cli/alert_command.hpp"
#include "cli/audit_command.hpp"
#include "cli/check_command.hpp"
#include "cli/desk_command.hpp"
#include "cli/drill_command.hpp"
#include "cli/fault_command.hpp"
#include "cli/metrics_command.hpp"
#include "cli/monitor_command.hpp"
#include "cli/notify_command.hpp"
#include "cli/query_command.hpp"
#include "cli/rules_command.hpp"
#include "cli/storage_command.hpp"
#include "cli/watch_command.hpp"

namespace {

constexpr int wrong_usage = 2;

int run(int argc, char** argv) {
  CLI::App app{"Bellwether: monitoring for trading systems", "bellwether"};
  app.set_version_flag("--version", "bellwether " BELLWETHER_VERSION_STRING);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  int status = 0;
  bellwether::cli::add_desk_commands(app, status);
  bellwether::cli::add_monitor_command(app, status);
  bellwether::cli::add_fault_command(app, status);
  bellwether::cli::add_drill_command(app, status);
  bellwether::cli::add_metrics_command(app, status);
  bellwether::cli::add_check_command(app, status);
  bellwether::cli::add_notify_command(app, status);
  bellwether::cli::add_query_command(app, status);
  bellwether::cli::add_silence_command(app, status);
  bellwether::cli::add_alert_command(app, status);
  bellwether::cli::add_rules_command(app, status);
  bellwether::cli::add_storage_command(app, status);
  bellwether::cli::add_watch_command(app, status);
  bellwether::cli::add_audit_command(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : wrong_usage;
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& exception) {
    fmt::print(stderr, "bellwether: {}\n", exception.what());
    return 1;
  }
}
