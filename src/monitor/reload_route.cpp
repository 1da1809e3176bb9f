// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "monitor/reload_route.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

std::vector<net::Route> reload_routes(std::function<Result<void>()> reload) {
  const net::Handler handler = [reload = std::move(reload)](const net::Request& request) {
    if (!request.header("Origin").empty()) {
      return net::Response::text(403, "a web page may not reload the configuration; use curl -X POST, or SIGHUP\n");
    }
    const Result<void> done = reload();
    return done ? net::Response::text(200, "") : net::Response::text(500, done.error().message + '\n');
  };
  return {{"POST", "/-/reload", handler, nullptr, true}, {"PUT", "/-/reload", handler, nullptr, true}};
}

}  // namespace monitor
BELLWETHER_NAMESPACE_END
