// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

namespace CLI {
class App;
}

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Adds `bellwether storage check|stats|dump DIR`, which look at a data directory without writing to it; a monitor may
/// be running on it. `status` becomes 1 where something is damaged or cannot be read.
void add_storage_command(CLI::App& app, int& status);

}  // namespace cli
BELLWETHER_NAMESPACE_END
