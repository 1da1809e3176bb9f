// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

namespace CLI {
class App;
}

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Adds `bellwether notify` with its commands. `status` becomes 1 where what was asked for fails, and 2 where a file cannot be read.
void add_notify_command(CLI::App& app, int& status);

/// `bellwether notify route`: which receivers an alert with these labels reaches.
void add_notify_route_command(CLI::App& notify, int& status);

/// `bellwether notify test`: sends a test alert to a receiver. `bellwether notify render`: shows what would be sent.
void add_notify_test_command(CLI::App& notify, int& status);
void add_notify_render_command(CLI::App& notify, int& status);

}  // namespace cli
BELLWETHER_NAMESPACE_END
