// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/listen_address.hpp"

#include <fcntl.h>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace asio = boost::asio;
using asio::ip::tcp;

Result<tcp::endpoint> listen_endpoint(const HttpServerOptions& options) {
  boost::system::error_code failed;
  const std::string text = options.address == "localhost" ? "127.0.0.1" : options.address;
  const asio::ip::address address = asio::ip::make_address(text, failed);
  if (failed) {
    return Error{"cannot listen on \"" + options.address +
                 "\": not an IP address; use 127.0.0.1 or ::1 for this machine alone, 0.0.0.0 or :: for all"};
  }
  const bool has_tls = options.web && options.web->tls;
  if (!address.is_loopback() && !has_tls && !options.allow_remote) {
    return Error{"cannot listen on " + options.address +
                 ": other machines can reach it and there is no TLS; use 127.0.0.1, give a web configuration with "
                 "tls_server_config, or allow it explicitly (allow_remote)"};
  }
  return tcp::endpoint(address, options.port);
}

std::string endpoint_text(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

void keep_from_children(int socket) noexcept {
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
}

Result<void> listen(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  boost::system::error_code failed;
  acceptor.open(endpoint.protocol(), failed);
  if (!failed) keep_from_children(acceptor.native_handle());
  // A port that a stopped server has just left must be free at once; two servers still cannot share one.
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (!failed) return {};
  std::string message = "cannot listen on " + endpoint_text(endpoint) + ": " + failed.message();
  if (failed == asio::error::address_in_use) {
    const std::string port = std::to_string(endpoint.port());
    message += "; another process has the port (`ss -ltnp sport = :" + port + "` names it): stop it or choose another";
  } else if (failed == asio::error::access_denied) {
    message += "; ports below 1024 need a privilege: choose a greater one";
  } else if (failed == boost::system::errc::address_not_available) {
    message += "; this machine does not have the address: `ip address` lists those it has";
  }
  return Error{message};
}

}  // namespace net
BELLWETHER_NAMESPACE_END
