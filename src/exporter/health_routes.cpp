// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exporter/health_routes.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace exporter {

std::vector<net::Route> health_routes(HealthRegistry& health) {
  std::vector<net::Route> routes;
  for (const auto& [path, probe] : {std::pair{"/health", HealthProbe::live}, std::pair{"/ready", HealthProbe::ready},
                                    std::pair{"/started", HealthProbe::started}}) {
    routes.push_back({"GET", path, [&health, probe = probe](const net::Request&) {
                        const HealthReport report = health.report(probe);
                        net::Response response = net::Response::json(report.http_status(), report.json());
                        response.headers.emplace_back("Cache-Control", "no-store");
                        return response;
                      }});
  }
  return routes;
}

}  // namespace exporter
BELLWETHER_NAMESPACE_END
