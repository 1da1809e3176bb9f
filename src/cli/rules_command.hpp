// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

namespace CLI {
class App;
}

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Adds `bellwether rules check FILES` and `bellwether rules test FILES`. `status` becomes 1 where a file is refused or a test
/// fails.
void add_rules_command(CLI::App& app, int& status);

}  // namespace cli
BELLWETHER_NAMESPACE_END
