// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.hpp"
#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// What becomes of a client that does not read as fast as is published.
enum class SlowClient : std::uint8_t {
  drop_oldest,  ///< it misses the oldest messages and is told how many, see `dropped_notice`
  close,        ///< it is closed with 1013, "try again later"; for streams in which nothing may be missing
};

struct LiveStreamOptions {
  std::size_t max_clients = 32;  ///< more get 503. They count as connections of the server, too
  /// What waits for one client, beyond the one message that is being sent and what the kernel holds.
  std::size_t max_queued_messages = 256;
  std::size_t max_queued_bytes = 1024UL * 1024;  ///< a single message beyond it is dropped for every client
  SlowClient slow_client = SlowClient::drop_oldest;

  /// The text that tells a client of `count` missed messages, sent in their place. Must not block or throw.
  /// Empty: {"type":"dropped","count":3}
  std::function<std::string(std::uint64_t count)> dropped_notice = {};
  /// The first message of a new client: a snapshot, to which the messages add. It is asked after the client has
  /// joined, so nothing is missed between the two (what is published meanwhile may stand in both). Runs on the
  /// server's I/O thread: must not block. An empty text is not sent; an exception refuses the client with 500.
  std::function<std::string(const Request&)> welcome = {};

  /// Pages of these origins may connect besides those of the server itself: "https://desk.example:8443"; "*": any.
  /// Needed behind a proxy that speaks TLS for us.
  std::vector<std::string> allowed_origins = {};
  std::chrono::milliseconds ping_interval{20'000};  ///< no sign of life for two of them: cut off
  std::size_t max_incoming_bytes = 4096;            ///< of one message; a larger one closes with 1009
};

/// Text messages to any number of WebSocket clients (RFC 6455), from any thread.
///
///     LiveStream live;
///     auto server = HttpServer::start(options, {page, live.route("/api/v1/live")});
///     registry.callback_gauge(…, [&] { return live.clients(); });   // websocket_connections_active{endpoint}
///     …
///     live.publish(R"({"type":"alert","name":"EngineDown"})");      // valid UTF-8
///
/// What clients send is read, so that pings, pongs and the close handshake work, and is otherwise ignored.
/// TLS and basic authentication are those of the server. A browser's page of another origin gets 403, since browsers
/// send passwords along with any page's connection; a client without an `Origin` header is no browser and is let in.
/// A stopping server closes its clients with 1001. Who has not taken a message within the server's `write_timeout` is
/// cut off.
///
/// Threads: all functions, any; `publish` waits for no client: it holds a mutex for as long as it takes to append to
/// the queues. A text that is no UTF-8 is not sent to anybody and counts as dropped, for browsers would hang up.
/// Memory: bounded for each client, see the options; a message is one copy however many wait for it.
/// Servers and this may go in any order: the clients of a LiveStream that is gone are closed with 1001.
class BELLWETHER_API LiveStream {
 public:
  explicit LiveStream(LiveStreamOptions options = {});
  ~LiveStream();
  LiveStream(const LiveStream&) = delete;
  LiveStream& operator=(const LiveStream&) = delete;

  void publish(std::string_view text);

  /// Connected now.
  std::size_t clients() const noexcept;
  /// Messages that clients have missed so far, counted once a client.
  std::uint64_t dropped() const noexcept;
  /// Clients that were closed with 1013.
  std::uint64_t closed_slow() const noexcept;

  /// May be given to several servers. A request that is no upgrade gets 426.
  Route route(std::string path) const;

 private:
  class Hub;
  std::shared_ptr<Hub> hub_;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
