// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

namespace CLI {
class App;
}

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Adds `bellwether check config FILE [--json]`: prints every error of a prometheus.yml or alertmanager.yml, or what it comes
/// to. `status` becomes 1 where there is an error, and 2 where the file cannot be read.
void add_check_command(CLI::App& app, int& status);

}  // namespace cli
BELLWETHER_NAMESPACE_END
