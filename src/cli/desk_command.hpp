// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

namespace CLI {
class App;
}

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Adds `desk` and `demo`; the status of the command goes to `status` when it has run.
void add_desk_commands(CLI::App& app, int& status);

}  // namespace cli
BELLWETHER_NAMESPACE_END
