// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <functional>
#include <memory>
#include <string>

#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

class WebSocketEndpoint;

/// Answers a request. Runs on the server's one I/O thread and must not block there, unless its route says that it may.
/// An exception becomes a 500 without details.
using Handler = std::function<Response(const Request&)>;

/// What is served where. A path is matched segment by segment:
///
///     {"GET", "/metrics/prom", handler}            exactly this path; GET also answers HEAD
///     {"POST", "/engines/{symbol}/start", handler} one segment, handed over as Request::parameter("symbol")
///     {"GET", "/static/{path...}", handler}        all that remains, at the end only; may be empty
///     live_stream.route("/live")                   a WebSocket, see live_stream.hpp
///
/// A fixed segment wins over a parameter, a parameter over a rest. A path without a route is 404, a method
/// without one is 405 with `Allow`. A slash at the end makes another path. Fixed segments are compared with the
/// decoded ones of the request; `%2F` within a segment does not end it.
struct Route {
  std::string method;
  std::string path;
  Handler handler;
  /// Takes the requests for an upgrade to a WebSocket; the handler has the others. Only for GET.
  std::shared_ptr<WebSocketEndpoint> websocket = nullptr;
  /// The handler may take its time: it runs on one of `HttpServerOptions::workers` threads, several at once, and should
  /// look at `Request::stop` now and then. When `max_waiting` requests wait already, the next one gets 503.
  bool blocking = false;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
