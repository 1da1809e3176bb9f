// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

namespace CLI {  // NOLINT(readability-identifier-naming)
class App;
}

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Adds the subcommand `metrics`: what the packs register, as Markdown; with --check, whether pages still say so. Parsing it
/// runs it and sets `status` (1: a page differs), which must outlive the parse.
void add_metrics_command(CLI::App& app, int& status);

}  // namespace cli
BELLWETHER_NAMESPACE_END
