// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/automation_server.hpp"

#include <exception>
#include <utility>

#include "exporter/metrics_route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

Worker::Worker(std::function<void(const std::stop_token&)> work)
    : thread_([this, work = std::move(work)](const std::stop_token& stop) {
        try {
          work(stop);
        } catch (const std::exception& exception) {
          failure_ = exception.what();
        }
        running_ = false;
      }) {}

void Worker::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

Result<std::unique_ptr<net::HttpServer>> start_automation_server(std::uint16_t port, const Registry& registry,
                                                                 const std::atomic<bool>& ready,
                                                                 std::vector<net::Route> routes) {
  using net::Request;
  using net::Response;
  for (net::Route& route : exporter::metrics_routes(registry, {"/metrics"})) routes.push_back(std::move(route));
  routes.push_back({"GET", "/health", [](const Request&) { return Response::text(200, "ok\n"); }});
  routes.push_back({"GET", "/ready", [&ready](const Request&) {
                      return ready ? Response::text(200, "ready\n") : Response::text(503, "it does not run\n");
                    }});
  return net::HttpServer::start({.port = port}, std::move(routes));
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
