// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/http/desk_api.hpp"

#include <iterator>
#include <utility>

#include "paper/desk.hpp"
#include "paper/http/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

net::Handler probe(HealthRegistry& health, HealthProbe which) {
  return [&health, which](const net::Request&) {
    const HealthReport report = health.report(which);
    return net::Response::json(report.http_status(), report.json() + '\n');
  };
}

/// The report with one member more, before its last brace.
std::string with_last_cycle(std::string report, double last_cycle) {
  report.pop_back();
  return report + ",\"last_cycle\":" + (last_cycle > 0 ? json_number(last_cycle) : "null") + "}\n";
}

}  // namespace

std::vector<ApiRoute> desk_health_routes(Desk& desk, HealthRegistry& health) {
  const auto live = [&desk, &health](const net::Request&) {
    const HealthReport report = health.report();
    return net::Response::json(report.http_status(),
                               with_last_cycle(report.json(), desk.snapshot().last_cycle_seconds));
  };
  return {
      {"GET", "/health", "All checks, and when an engine last completed a cycle", "DeskHealth", live},
      {"GET", "/ready", "May it get work?", "Health", probe(health, HealthProbe::ready)},
      {"GET", "/started", "Has it come up?", "Health", probe(health, HealthProbe::started)},
  };
}

std::vector<net::Route> desk_routes(Desk& desk, HealthRegistry& health, const std::string& token) {
  std::vector<ApiRoute> api;
  for (std::vector<ApiRoute> theme : {engine_routes(desk), bot_routes(desk), portfolio_routes(desk), risk_routes(desk),
                                      fault_routes(desk), desk_health_routes(desk, health)}) {
    api.insert(api.end(), std::make_move_iterator(theme.begin()), std::make_move_iterator(theme.end()));
  }
  std::vector<net::Route> routes = served(api, token);
  routes.push_back({"GET", "/openapi.json", [document = openapi_document(api)](const net::Request&) {
                      return net::Response::json(200, document);
                    }});
  return routes;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
