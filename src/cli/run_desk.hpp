// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/desk_options.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// `bellwether desk`, and so far `bellwether demo`: the paper desk, its metrics and its HTTP API on loopback, a live summary on
/// standard output; until a signal or the end of `run_for`. Returns the exit status: 0, or 1 with the reason on standard error.
int run_desk(const DeskOptions& options);

}  // namespace cli
BELLWETHER_NAMESPACE_END
