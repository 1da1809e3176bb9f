// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <string>

#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exporter {

/// A scrape endpoint for a server that serves other things as well. The registry must outlive the server.
///
///     HttpServer::start(options, {metrics_route(registry, "/metrics/prom"), …});
net::Route metrics_route(const Registry& registry, std::string path, bool gzip = true);

}  // namespace exporter
BELLWETHER_NAMESPACE_END
