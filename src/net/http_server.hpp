// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/web_config.hpp"
#include "net/http_message.hpp"
#include "net/request_observer.hpp"
#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

struct HttpServerOptions {
  std::string address = "127.0.0.1";  ///< an IP address, or "localhost"
  std::uint16_t port = 0;             ///< 0: any free one, see HttpServer::port()
  /// An address that others can reach is refused unless `web` has TLS, or this is set.
  bool allow_remote = false;

  std::size_t max_header_bytes = 16 * 1024;  ///< request line and headers; more is 431
  std::size_t max_body_bytes = 1024 * 1024;  ///< more is 413
  /// Beyond it the connection that has been idle longest between two requests is closed for the new one;
  /// when none is idle the new one gets 503 and is closed (with TLS it is just closed).
  std::size_t max_connections = 64;

  std::chrono::milliseconds idle_timeout{60'000};  ///< between two requests
  /// From a request's first byte (or from the connection, for its first) the whole header must be here within
  /// it, and the body within it again; also the TLS handshake.
  std::chrono::milliseconds read_timeout{10'000};
  std::chrono::milliseconds write_timeout{30'000};  ///< without a byte taken by the client
  /// What `stop` leaves to answers that are under way; all else is closed at once.
  std::chrono::milliseconds stop_grace{300};

  std::size_t workers = 4;       ///< threads for blocking routes; none is started where there is no such route
  std::size_t max_waiting = 64;  ///< requests that wait for one of them

  std::optional<unsigned> cpu = std::nullopt;  ///< pins the server's threads there
  std::optional<config::WebConfig> web =
      std::nullopt;                       ///< TLS, basic authentication, headers; certificates are read at start
  const Clock* clock = &Clock::system();  ///< for the Date header
  RequestObserver observer = {};          ///< is told of every answer: see request_observer.hpp
};

/// An HTTP/1.1 server (1.0 is understood): one thread, any number of slow clients.
///
///     auto server = HttpServer::start({.port = 8000}, {{"GET", "/health", [](const Request&) {
///       return Response::text(200, "ok\n");
///     }}});
///     if (!server) return fail(server.error().message);   // cannot listen on 127.0.0.1:8000: ...
///
/// Keep-alive, HEAD, pipelining (answered one after the other), Expect: 100-continue, chunked bodies both ways.
/// WebSockets: see live_stream.hpp. Broken requests get 400, 408, 413, 417, 431 or 501 and lose their connection.
///
/// Threads: one for I/O and handlers; a second one if there are users, which does nothing but bcrypt, so that
/// passwords never delay an answer; and `workers` if there are blocking routes. Verified credentials are remembered (as keyed hashes, up to 128); when 16
/// checks wait already, the next one gets 503. All signals are blocked in both.
/// All methods may be called from any thread but the server's own (that is, not from a handler).
class BELLWETHER_API HttpServer {
 public:
  /// Binds, then serves until `stop` or destruction. Errors: port in use, bad address, an address that others
  /// can reach without TLS, broken certificates, a route that is written wrong or stands twice, no such CPU.
  static Result<std::unique_ptr<HttpServer>> start(HttpServerOptions options, std::vector<Route> routes);

  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// The port that was bound.
  std::uint16_t port() const noexcept;
  /// "http://127.0.0.1:8000", "https://[::1]:8000".
  std::string url() const;
  /// Connections that are open now.
  std::size_t connections() const noexcept;

  /// Takes no further connection, closes the idle ones, leaves `stop_grace` to answers under way, closes the
  /// rest. Ends within a second unless a handler blocks. A second call does nothing.
  void stop() noexcept;

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
