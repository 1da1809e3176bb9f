// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/connection.hpp"

#include "net/http_connection.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

using boost::asio::ip::tcp;

Connection::Connection(ServerState& state) : state_(state) {
  state_.connections.insert(this);
  state_.open.store(state_.connections.size());
}

Connection::~Connection() {
  leave();
}

void Connection::become_refused() {
  refused_ = true;
  ++state_.refused;
}

void Connection::leave() {
  if (state_.connections.erase(this) == 0) return;
  if (refused_) --state_.refused;
  state_.open.store(state_.connections.size());
}

std::shared_ptr<Connection> make_connection(tcp::socket socket, boost::asio::ssl::context* tls, ServerState& state) {
  if (tls == nullptr) return std::make_shared<HttpConnection<tcp::socket>>(state, std::move(socket));
  return std::make_shared<HttpConnection<TlsStream>>(state, std::move(socket), *tls);
}

void refuse_connection(tcp::socket socket, ServerState& state) {
  std::make_shared<HttpConnection<tcp::socket>>(state, std::move(socket))->refuse();
}

}  // namespace net
BELLWETHER_NAMESPACE_END
