// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

namespace CLI {
class App;
}

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Adds `bellwether query instant|range|labels|series|format`: PromQL put to a monitor, a Prometheus, or a data directory.
/// `status` becomes 1 where there is no answer.
void add_query_command(CLI::App& app, int& status);

}  // namespace cli
BELLWETHER_NAMESPACE_END
