// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

namespace CLI {
class App;
}

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Adds `drill`: makes a desk fail and sees whether the alerts arrive.
void add_drill_command(CLI::App& app, int& status);

}  // namespace cli
BELLWETHER_NAMESPACE_END
