// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "net/server_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// One client's connection, from the handshake to the close. It keeps itself alive while an operation is pending
/// and stands in `ServerState::connections` until it is closed.
///
/// Threads: the I/O thread.
class Connection {
 public:
  virtual ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  virtual void start() = 0;

  /// At once, whatever is under way.
  virtual void close() = 0;

  /// The server stops: closes, or leaves an answer that is under way to its end.
  virtual void finish() = 0;

  /// Since when it waits for a further request; nothing when it does not.
  virtual std::optional<std::chrono::steady_clock::time_point> idle_since() const { return std::nullopt; }

 protected:
  explicit Connection(ServerState& state);

  /// It counts among those that only get a 503.
  void become_refused();

  /// It counts no more. A second call does nothing.
  void leave();

  ServerState& state_;

 private:
  bool refused_ = false;
};

/// The state must outlive the connection. With a null context it speaks plain HTTP.
std::shared_ptr<Connection> make_connection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls,
                                            ServerState& state);

/// Says 503 instead of serving, then closes.
void refuse_connection(boost::asio::ip::tcp::socket socket, ServerState& state);

}  // namespace net
BELLWETHER_NAMESPACE_END
