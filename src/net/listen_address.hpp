// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "net/http_server.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// Where to listen. Refuses what is no address, and one that others can reach without TLS or `allow_remote`.
Result<boost::asio::ip::tcp::endpoint> listen_endpoint(const HttpServerOptions& options);

/// "127.0.0.1:8000", "[::1]:8000".
std::string endpoint_text(const boost::asio::ip::tcp::endpoint& endpoint);

/// Programs that the process starts do not inherit the socket: a port held by a child that outlives the engine would
/// take connections that nobody answers.
void keep_from_children(int socket) noexcept;

/// Opens, binds and listens. The error says which address, why, and what to do.
Result<void> listen(boost::asio::ip::tcp::acceptor& acceptor, const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace net
BELLWETHER_NAMESPACE_END
