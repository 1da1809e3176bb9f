// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/version.hpp>
#include <cstddef>
#include <memory>
#include <unordered_set>
#include <utility>
#include <vector>

#include "net/basic_auth.hpp"
#include "net/http_server.hpp"
#include "net/router.hpp"
#include "net/worker_pool.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

class Connection;

/// What the connections of one server share. Threads: the I/O thread alone, but for `open`.
struct ServerState {
  ServerState(HttpServerOptions server_options, Router server_router)
      : options(std::move(server_options)), router(std::move(server_router)) {}

  const HttpServerOptions options;
  const Router router;
  std::vector<Field> configured_headers;
  std::unique_ptr<BasicAuth> auth;      // null: everybody may ask
  std::unique_ptr<WorkerPool> workers;  // null: no route is blocking
  bool stopping = false;

  std::unordered_set<Connection*> connections;
  std::size_t refused = 0;           // of these: those that only get a 503
  std::atomic<std::size_t> open{0};  // connections.size(), for other threads
};

}  // namespace net
BELLWETHER_NAMESPACE_END
