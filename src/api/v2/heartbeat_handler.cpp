// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/v2/refusal.hpp"
#include "api/v2/v2_handlers.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// Without a body, so that `curl -X POST` at the end of a job is enough. 404 where bellwether.yml expects no such heartbeat.
net::Response take_heartbeat(const V2Sources& sources, const net::Request& request) {
  if (!sources.heartbeat) return refusal(404, "no heartbeats are expected here");
  if (const Result<void> taken = sources.heartbeat(request.parameter("name")); !taken) {
    return refusal(404, taken.error().message);
  }
  return net::Response::json(200, "{}");
}

}  // namespace api
BELLWETHER_NAMESPACE_END
