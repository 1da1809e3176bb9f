// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

namespace CLI {
class App;
}

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Adds `fault`: makes something go wrong on a running desk, and ends it.
void add_fault_command(CLI::App& app, int& status);

}  // namespace cli
BELLWETHER_NAMESPACE_END
