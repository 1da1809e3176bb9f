// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/demo_options.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// `bellwether demo`: the paper desk on recorded or generated ticks, its metrics and its HTTP interface on loopback, a
/// live summary on standard output; until a signal or the end of `run_for`. Returns the exit status: 0, or 1 with the
/// reason on standard error.
int run_demo(const DemoOptions& options);

}  // namespace cli
BELLWETHER_NAMESPACE_END
