// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/health_registry.hpp>
#include <vector>

#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exporter {

/// The three probes, for a server that serves other things as well: `/health` (should the process be restarted?),
/// `/ready` (should it get work?), `/started` (has it come up?). Each answers the report as JSON, with 200, or 503 if it
/// is unhealthy. Reports are what the checks said last: no probe waits for one. The registry must outlive the server.
///
///     for (net::Route& route : health_routes(health)) routes.push_back(std::move(route));
std::vector<net::Route> health_routes(HealthRegistry& health);

}  // namespace exporter
BELLWETHER_NAMESPACE_END
