// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/exporter.hpp>

#include <algorithm>

#include "config/web_config.hpp"
#include "exporter/health_routes.hpp"
#include "exporter/metrics_route.hpp"
#include "net/http_server.hpp"

BELLWETHER_NAMESPACE_BEGIN

namespace {

// Where nobody knows more of the process than that it answers.
std::vector<net::Route> plain_routes(std::function<bool()> ready) {
  return {{"GET", "/health", [](const net::Request&) { return net::Response::text(200, "ok\n"); }},
          {"GET", "/ready", [ready = std::move(ready)](const net::Request&) {
             const bool is_ready = !ready || ready();
             return net::Response::text(is_ready ? 200 : 503, is_ready ? "ready\n" : "not ready\n");
           }}};
}

}  // namespace

struct Exporter::State {
  std::unique_ptr<net::HttpServer> server;
};

Result<Exporter> Exporter::start(const Registry& registry, ExporterOptions options) {
  if (options.paths.empty()) return Error{"an exporter needs at least one path, such as /metrics"};
  if (options.health != nullptr && options.ready) {
    return Error{
        "an exporter takes `health` or `ready`, not both: add what `ready` asks to the health registry as a check"};
  }
  net::HttpServerOptions server_options;
  server_options.address = options.address;
  server_options.port = options.port;
  server_options.allow_remote = options.allow_remote;
  server_options.max_connections = options.max_connections;
  server_options.cpu = options.cpu;
  if (!options.web_config_file.empty()) {
    auto web = config::load_web_config(options.web_config_file);
    if (!web) return web.error();
    server_options.web = *std::move(web);
  }

  exporter::MetricsRouteOptions metrics;
  metrics.gzip = options.gzip;
  metrics.max_streams = std::min(options.max_streams, options.max_connections / 2);
  std::vector<net::Route> routes = exporter::metrics_routes(registry, options.paths, metrics);
  for (net::Route& route :
       options.health != nullptr ? exporter::health_routes(*options.health) : plain_routes(std::move(options.ready))) {
    routes.push_back(std::move(route));
  }

  auto server = net::HttpServer::start(std::move(server_options), std::move(routes));
  if (!server) return server.error();
  auto state = std::make_unique<State>();
  state->server = *std::move(server);
  return Exporter(std::move(state));
}

Exporter::Exporter(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Exporter::Exporter(Exporter&&) noexcept = default;
Exporter& Exporter::operator=(Exporter&&) noexcept = default;
Exporter::~Exporter() = default;

std::uint16_t Exporter::port() const noexcept {
  return state_->server->port();
}
std::string Exporter::url() const {
  return state_->server->url();
}
void Exporter::stop() noexcept {
  state_->server->stop();
}

BELLWETHER_NAMESPACE_END
