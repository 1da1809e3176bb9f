// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <bellwether/urgent_feed.hpp>
#include <string>
#include <vector>

#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exporter {

struct MetricsRouteOptions {
  bool gzip = true;  ///< of scrapes, where the client asks for it
  /// More get 503. Each takes one of the server's connections.
  std::size_t max_streams = 8;
  UrgentFeedOptions feed = {};
};

/// What a scrape tells the path of the push stream by, where there is one: `X-Bellwether-Stream: /metrics/stream`.
inline constexpr std::string_view stream_header = "X-Bellwether-Stream";

/// Scrape endpoints with their push streams (docs/push-stream.md), for a server that serves other things as well. The
/// registry must outlive the server.
///
///     for (net::Route& route : metrics_routes(registry, {"/metrics", "/metrics/prom"})) routes.push_back(std::move(route));
std::vector<net::Route> metrics_routes(const Registry& registry, const std::vector<std::string>& paths,
                                       MetricsRouteOptions options = {});

}  // namespace exporter
BELLWETHER_NAMESPACE_END
