// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

namespace CLI {  // NOLINT(readability-identifier-naming)
class App;
}

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Adds the subcommand `audit`. Parsing it runs it and sets `status`, which must outlive the parse.
void add_audit_command(CLI::App& app, int& status);

}  // namespace cli
BELLWETHER_NAMESPACE_END
