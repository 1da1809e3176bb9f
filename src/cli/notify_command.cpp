// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/notify_command.hpp"

#include <CLI/CLI.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

void add_notify_command(CLI::App& app, int& status) {
  CLI::App* const notify = app.add_subcommand("notify", "Ask and try out the notifications of an alertmanager.yml");
  notify->require_subcommand(1);
  add_notify_route_command(*notify, status);
  add_notify_test_command(*notify, status);
  add_notify_render_command(*notify, status);
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
