// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/api_routes.hpp"

#include <optional>

#include "api/handlers.hpp"
#include "storage/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

/// What all routes share, for as long as one of them lives.
struct Api {
  ApiSources sources;
  std::optional<storage::Matcher> origins;  // of pages that may ask
  bool any_origin = false;
};

void allow_origin(const Api& api, const net::Request& request, net::Response& response) {
  if (!api.origins) return;
  response.headers.emplace_back("Vary", "Origin");
  const std::string_view origin = request.header("Origin");
  if (origin.empty() || !api.origins->matches(origin)) return;
  response.headers.emplace_back("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Origin");
  response.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  response.headers.emplace_back("Access-Control-Allow-Origin", api.any_origin ? "*" : std::string(origin));
  response.headers.emplace_back("Access-Control-Expose-Headers", "Date");
}

class RouteList {
 public:
  explicit RouteList(std::shared_ptr<const Api> api) : api_(std::move(api)) {}

  void add(const char* method, const std::string& path, ApiHandler handler, bool blocking = true) {
    routes_.push_back({method, path, [api = api_, handler](const net::Request& request) {
                         net::Response response = handler(api->sources, request, Parameters(request));
                         response = compressed(request, std::move(response));
                         allow_origin(*api, request, response);
                         return response;
                       }});
    routes_.back().blocking = blocking;
  }
  /// Under /api/v1, with the answer to a browser that asks first.
  void get(const std::string& path, ApiHandler handler) {
    add("GET", "/api/v1" + path, handler);
    preflight("/api/v1" + path);
  }
  void get_and_post(const std::string& path, ApiHandler handler) {
    get(path, handler);
    add("POST", "/api/v1" + path, handler);
  }
  void post_and_put(const std::string& path, ApiHandler handler) {
    add("POST", "/api/v1" + path, handler);
    add("PUT", "/api/v1" + path, handler);
  }

  std::vector<net::Route> take() { return std::move(routes_); }

 private:
  void preflight(const std::string& path) {
    routes_.push_back({"OPTIONS", path, [api = api_](const net::Request& request) {
                         net::Response response;
                         response.status = 204;
                         allow_origin(*api, request, response);
                         return response;
                       }});
  }

  std::shared_ptr<const Api> api_;
  std::vector<net::Route> routes_;
};

}  // namespace

Result<std::vector<net::Route>> api_routes(ApiSources sources) {
  auto api = std::make_shared<Api>();
  if (!sources.cors_origin.empty()) {
    auto origins = storage::Matcher::make(storage::MatchType::regex, "origin", sources.cors_origin);
    if (!origins) return Error{"web.cors-origin: " + origins.error().message};
    api->origins = std::move(*origins);
    api->any_origin = sources.cors_origin == ".*";
  }
  api->sources = std::move(sources);
  if (api->sources.start_ms == 0) {
    api->sources.start_ms = std::chrono::duration_cast<std::chrono::milliseconds>(api->sources.clock->wall()).count();
  }

  RouteList list(std::move(api));
  list.get_and_post("/query", query);
  list.get_and_post("/query_range", query_range);
  list.get_and_post("/query_exemplars", query_exemplars);
  list.get_and_post("/format_query", format_query);
  list.get_and_post("/parse_query", parse_query);
  list.get_and_post("/series", series);
  list.get_and_post("/labels", label_names);
  list.get("/label/{name}/values", label_values);
  list.get("/metadata", metadata);
  list.get("/targets", targets);
  list.get("/targets/metadata", target_metadata);
  list.get("/scrape_pools", scrape_pools);
  list.get("/rules", rules);
  list.get("/alerts", alerts);
  list.get("/alertmanagers", alertmanagers);
  list.get("/notifications", notifications);
  list.get("/status/config", status_config);
  list.get("/status/flags", status_flags);
  list.get("/status/buildinfo", status_build);
  list.get("/status/runtimeinfo", status_runtime);
  list.get("/status/tsdb", status_tsdb);
  list.get("/status/walreplay", status_replay);
  list.post_and_put("/admin/tsdb/snapshot", snapshot);
  list.post_and_put("/admin/tsdb/delete_series", delete_series);
  list.post_and_put("/admin/tsdb/clean_tombstones", clean_tombstones);
  // Whoever probes must get an answer while all workers are busy.
  list.add("GET", "/-/healthy", healthy, false);
  list.add("GET", "/-/ready", ready, false);
  return list.take();
}

}  // namespace api
BELLWETHER_NAMESPACE_END
