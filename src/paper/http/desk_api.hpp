// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/health_registry.hpp>
#include <string>
#include <vector>

#include "paper/http/api_route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

class Desk;

// The desk over HTTP, in JSON, by theme. `/openapi.json` describes all of it; docs/desk.md is the page for people.
// The desk must outlive the server. Handlers wait for at most one batch of events.
std::vector<ApiRoute> engine_routes(Desk& desk);     ///< /engines/..., the document of LeviBot
std::vector<ApiRoute> bot_routes(Desk& desk);        ///< /api/v1/bots/...
std::vector<ApiRoute> portfolio_routes(Desk& desk);  ///< /api/v1/portfolio, /statistics, /orders, /fills
std::vector<ApiRoute> risk_routes(Desk& desk);       ///< /risk/..., kill switches
std::vector<ApiRoute> fault_routes(Desk& desk);      ///< /faults/...

/// /health, /ready and /started; /health also tells the last completed cycle, and is unhealthy without one for a while.
std::vector<ApiRoute> desk_health_routes(Desk& desk, HealthRegistry& health);

/// All of the above and /openapi.json, ready to serve.
std::vector<net::Route> desk_routes(Desk& desk, HealthRegistry& health, const std::string& token);

}  // namespace paper
BELLWETHER_NAMESPACE_END
