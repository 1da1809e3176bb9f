// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

namespace CLI {
class App;
}

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Adds `monitor`. When it was asked for, parsing runs it and sets `status` to the exit status.
void add_monitor_command(CLI::App& app, int& status);

}  // namespace cli
BELLWETHER_NAMESPACE_END
