// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/raw_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace bellwether::test {

namespace {

// Waits in short steps, so that the end of the test is noticed.
bool is_readable(int socket, const std::atomic<bool>& stopping) {
  while (!stopping) {
    pollfd wanted{socket, POLLIN, 0};
    if (::poll(&wanted, 1, 5) > 0) return true;
  }
  return false;
}

}  // namespace

RawConnection::~RawConnection() {
  ::close(socket_);
}

std::string RawConnection::read_request() {
  std::string text;
  std::array<char, 4096> bytes{};
  while (text.find("\r\n\r\n") == std::string::npos) {
    if (!is_readable(socket_, stopping_)) return {};
    const auto size = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (size <= 0) return {};
    text.append(bytes.data(), static_cast<std::size_t>(size));
  }
  return text;
}

bool RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    pollfd wanted{socket_, POLLOUT, 0};
    if (::poll(&wanted, 1, 5) == 0) {
      if (stopping_) return false;
      continue;
    }
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawConnection::wait_for_end() {
  std::array<char, 4096> bytes{};
  while (is_readable(socket_, stopping_) && ::recv(socket_, bytes.data(), bytes.size(), 0) > 0) {
  }
}

void RawConnection::reset_at_close() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

RawServer::RawServer(Script script) : script_(std::move(script)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
  ::listen(listener_, 16);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

RawServer::RawServer(std::string answer)
    : RawServer([answer = std::move(answer)](RawConnection& connection) {
        while (!connection.read_request().empty()) {
          if (!connection.send(answer)) return;
        }
      }) {}

RawServer::~RawServer() {
  stopping_ = true;
  thread_.join();
  ::close(listener_);
}

std::string RawServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

void RawServer::run() {
  while (is_readable(listener_, stopping_)) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    ++connections_;
    RawConnection connection(socket, stopping_);
    script_(connection);
  }
}

}  // namespace bellwether::test
