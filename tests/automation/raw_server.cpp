// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/raw_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace bellwether::test {

RawServer::RawServer(std::vector<std::string> script)
    : script_(std::move(script)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stop_(eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, 16) != 0 || ::getsockname(listener_, any, &size) != 0) {
    throw std::runtime_error("cannot listen on loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

RawServer::~RawServer() {
  eventfd_write(stop_, 1);
  thread_.join();
  ::close(listener_);
  ::close(stop_);
}

bool RawServer::wait_readable(int socket) const {
  std::array<pollfd, 2> files{
      {{.fd = stop_, .events = POLLIN, .revents = 0}, {.fd = socket, .events = POLLIN, .revents = 0}}};
  return ::poll(files.data(), files.size(), 10'000) > 0 && files[0].revents == 0;
}

void RawServer::serve() {
  for (std::size_t next = 0; wait_readable(listener_);) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    answer(connection, script_[next]);
    ::close(connection);
    if (next + 1 < script_.size()) ++next;
  }
}

void RawServer::answer(int connection, const std::string& line) const {
  // The request's header is enough: bodies in these tests are small and come with it.
  std::string request;
  std::array<char, 4096> block;
  while (request.find("\r\n\r\n") == std::string::npos) {
    if (!wait_readable(connection)) return;
    const ssize_t got = ::recv(connection, block.data(), block.size(), 0);
    if (got <= 0) return;
    request.append(block.data(), static_cast<std::size_t>(got));
  }
  if (line == hang) {
    while (wait_readable(connection) && ::recv(connection, block.data(), block.size(), 0) > 0) {
    }
    return;
  }
  (void)!::send(connection, line.data(), line.size(), MSG_NOSIGNAL);
  ::shutdown(connection, SHUT_WR);
  while (wait_readable(connection) && ::recv(connection, block.data(), block.size(), 0) > 0) {
  }
}

}  // namespace bellwether::test
