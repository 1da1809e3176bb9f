// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/v2/v2_routes.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "api/answer.hpp"
#include "api/v2/foreign_origin.hpp"
#include "api/v2/json_body.hpp"
#include "api/v2/v2_handlers.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

using SharedSources = std::shared_ptr<const V2Sources>;

net::Route get(const SharedSources& sources, const char* path, V2Handler handler) {
  net::Route route{"GET", path, [sources, handler](const net::Request& request) {
                     return compressed(request, handler(*sources, request));
                   }};
  route.blocking = true;
  return route;
}

net::Response foreign() {
  return refusal(403,
                 "a web page of another origin may not change anything here; use the command line, or a page under "
                 "--web.external-url");
}

net::Route change(const SharedSources& sources, const char* method, const char* path, V2Handler handler) {
  net::Route route{method, path, [sources, handler](const net::Request& request) {
                     if (is_foreign_origin(request, sources->external_url)) return foreign();
                     return handler(*sources, request);
                   }};
  route.blocking = true;
  return route;
}

/// What a signed link leads to: its token is the proof, so the name by which we were reached does not matter.
net::Route from_page(const SharedSources& sources, const char* path, V2Handler handler) {
  net::Route route{"POST", path, [sources, handler](const net::Request& request) {
                     if (is_cross_origin(request, sources->external_url)) return foreign();
                     return handler(*sources, request);
                   }};
  route.blocking = true;
  return route;
}

net::Route post_json(const SharedSources& sources, const char* path, V2Handler handler) {
  net::Route route{"POST", path, [sources, handler](const net::Request& request) {
                     if (is_foreign_origin(request, sources->external_url)) return foreign();
                     if (!is_json_request(request)) {
                       return refusal(415, 415,
                                      "unsupported media type \"" + std::string(request.header("Content-Type")) +
                                          "\", only [application/json] are allowed");
                     }
                     return handler(*sources, request);
                   }};
  route.blocking = true;
  return route;
}

}  // namespace

std::int64_t now_ms(const V2Sources& sources) noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(sources.clock->wall()).count();
}

Result<std::vector<net::Route>> v2_routes(V2Sources given) {
  if (given.clock == nullptr) return Error{"v2_routes: a clock is missing"};
  if (given.start_ms == 0) given.start_ms = now_ms(given);
  const SharedSources sources = std::make_shared<const V2Sources>(std::move(given));
  std::vector<net::Route> routes{
      get(sources, "/api/v2/alerts", list_alerts),
      get(sources, "/api/v2/alerts/groups", list_groups),
      get(sources, "/api/v2/silences", list_silences),
      get(sources, "/api/v2/silence/{id}", show_silence),
      get(sources, "/api/v2/status", show_status),
      get(sources, "/api/v2/receivers", list_receivers),
      post_json(sources, "/api/v2/alerts", post_alerts),
      post_json(sources, "/api/v2/silences", post_silence),
      change(sources, "POST", "/api/v2/heartbeats/{name}", take_heartbeat),
      change(sources, "DELETE", "/api/v2/silence/{id}", delete_silence),
      post_json(sources, "/api/v1/alerts/acknowledge", acknowledge_alerts),
  };
  if (sources->links != nullptr) {
    routes.push_back(get(sources, "/-/silence", show_silence_page));
    routes.push_back(from_page(sources, "/-/silence", silence_from_page));
    routes.push_back(get(sources, "/-/acknowledge", show_acknowledge_page));
    routes.push_back(from_page(sources, "/-/acknowledge", acknowledge_from_page));
  }
  return routes;
}

}  // namespace api
BELLWETHER_NAMESPACE_END
