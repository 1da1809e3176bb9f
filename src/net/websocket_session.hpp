// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <memory>

#include "net/client_stream.hpp"
#include "net/observed_request.hpp"
#include "net/server_state.hpp"
#include "net/websocket_endpoint.hpp"
#include "net/websocket_upgrade.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// What a WebSocket begins with.
struct WebSocketStart {
  UpgradeRequest request;
  std::unique_ptr<WebSocketFeed> feed;
  std::shared_ptr<WebSocketWaker> waker;
  WebSocketEndpoint::Limits limits;
  ObservedRequest observed;
};

/// Answers 101 and sends what the feed has, until one side closes. It becomes one of the server's connections.
///
/// Threads: the I/O thread.
void start_websocket(boost::asio::ip::tcp::socket stream, ServerState& state, WebSocketStart start);
void start_websocket(TlsStream stream, ServerState& state, WebSocketStart start);

}  // namespace net
BELLWETHER_NAMESPACE_END
