// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

namespace CLI {
class App;
}

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Adds `bellwether silence add|query|expire` and `bellwether alert query|add|acknowledge`, over HTTP against a monitor, or
/// (but for `acknowledge`) an Alertmanager. `status` becomes 1 where it did not work.
void add_silence_command(CLI::App& app, int& status);
void add_alert_command(CLI::App& app, int& status);

}  // namespace cli
BELLWETHER_NAMESPACE_END
