// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// What one WebSocket client is sent. The server takes the next message when the client has taken the last.
///
/// Threads: called and destroyed by the server's I/O thread (destroyed by the thread that stops the server when it is
/// cut off then). Must not block.
class BELLWETHER_API WebSocketFeed {
 public:
  struct Next {
    std::shared_ptr<const std::string> text;  ///< null: nothing yet; `wake` tells when there is
    std::uint16_t close_code = 0;             ///< not 0: say goodbye with it, 1013 for a client that is too slow
    std::string close_reason;                 ///< at most 123 bytes
  };

  virtual ~WebSocketFeed() = default;
  virtual Next next() = 0;
};

/// Where WebSocket clients of a route come to; `LiveStream` is the one to use.
///
/// Threads: called by the I/O threads of the servers that have it in a route. Must not block.
class BELLWETHER_API WebSocketEndpoint {
 public:
  struct Limits {
    std::size_t max_incoming_bytes;           ///< a larger message closes the connection with 1009
    std::chrono::milliseconds ping_interval;  ///< a client that gives no sign of life for two of them is cut off
  };

  virtual ~WebSocketEndpoint() = default;
  virtual Limits limits() const = 0;

  /// A client asks for the upgrade; the server has checked what RFC 6455 wants of the request. A feed lets it in;
  /// null answers with `refusal`. `origin` is the server's own as the client wrote it: "https://host:port".
  /// `wake` may be called from any thread as long as the feed lives, to have its `next` asked.
  virtual std::unique_ptr<WebSocketFeed> open(const Request& request, const std::string& origin,
                                              std::function<void()> wake, Response& refusal) = 0;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
