// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/exporter.hpp>

#include "config/web_config.hpp"
#include "exporter/metrics_route.hpp"
#include "net/http_server.hpp"

BELLWETHER_NAMESPACE_BEGIN

struct Exporter::State {
  std::unique_ptr<net::HttpServer> server;
};

Result<Exporter> Exporter::start(const Registry& registry, ExporterOptions options) {
  if (options.paths.empty()) return Error{"an exporter needs at least one path, such as /metrics"};
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

  std::vector<net::Route> routes;
  for (const std::string& path : options.paths) {
    routes.push_back(exporter::metrics_route(registry, path, options.gzip));
  }
  routes.push_back({"GET", "/health", [](const net::Request&) { return net::Response::text(200, "ok\n"); }});
  routes.push_back({"GET", "/ready", [ready = std::move(options.ready)](const net::Request&) {
                      const bool is_ready = !ready || ready();
                      return net::Response::text(is_ready ? 200 : 503, is_ready ? "ready\n" : "not ready\n");
                    }});

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
