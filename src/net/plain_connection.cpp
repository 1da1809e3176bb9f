// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/plain_connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

// Bytes at a time: others wait meanwhile.
constexpr std::size_t turn_bytes = 1UL << 20U;

bool may_have_proxy(const HttpRequest& request, const RequestDestination& destination) {
  if (request.proxy) return !request.proxy->empty();
  if (destination.is_loopback) return false;
  for (const char* const name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) {
    if (const char* const value = std::getenv(name); value != nullptr && *value != '\0') return true;
  }
  return false;
}

bool read_address(std::string host, unsigned port, PlainTarget& out) {
  if (boost::beast::iequals(host, "localhost")) host = "127.0.0.1";
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  sockaddr_in v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    std::memcpy(&out.address, &v4, sizeof(v4));
    out.address_size = sizeof(v4);
    return true;
  }
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) != 1) return false;
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(static_cast<std::uint16_t>(port));
  std::memcpy(&out.address, &v6, sizeof(v6));
  out.address_size = sizeof(v6);
  return true;
}

}  // namespace

std::optional<PlainTarget> PlainTarget::of(const HttpRequest& request, const RequestDestination& destination,
                                           const std::string& user_agent) {
  const bool is_simple = request.method == "GET" && request.body.empty() && !destination.is_https &&
                         !request.accept_gzip && !std::holds_alternative<BasicLogin>(request.auth) &&
                         !may_have_proxy(request, destination);
  PlainTarget out;
  if (!is_simple || !read_address(destination.host, destination.port, out)) return std::nullopt;
  std::string& text = out.request;
  text = "GET " + destination.path_query + " HTTP/1.1\r\nHost: " + destination.host;
  if (destination.port != 80) text += ":" + std::to_string(destination.port);
  text += "\r\n";
  bool has_accept = false;
  bool has_agent = false;
  for (const auto& [name, value] : request.headers) {
    using boost::beast::iequals;
    if (iequals(name, "Host")) return std::nullopt;
    has_accept = has_accept || iequals(name, "Accept");
    has_agent = has_agent || iequals(name, "User-Agent");
    text.append(name).append(": ").append(value).append("\r\n");
  }
  if (const auto* const bearer = std::get_if<BearerToken>(&request.auth)) {
    text += "Authorization: Bearer " + bearer->token + "\r\n";
  }
  if (!has_agent) text += "User-Agent: " + user_agent + "\r\n";
  if (!has_accept) text += "Accept: */*\r\n";
  text += "\r\n";
  return out;
}

void PlainConnection::close() noexcept {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  state_ = State::idle;
}

short PlainConnection::events() const noexcept {
  return state_ == State::receiving ? POLLIN : POLLOUT;
}

PlainConnection::Step PlainConnection::end(Step step) noexcept {
  if (step == Step::waiting) return step;
  state_ = State::idle;
  target_ = nullptr;
  if (step == Step::done) last_body_bytes_ = reader_.body_bytes();
  if (step != Step::done || !reader_.keeps_connection()) close();
  return step;
}

PlainConnection::Step PlainConnection::begin(const PlainTarget& target, std::size_t max_body_bytes) {
  target_ = &target;
  max_body_bytes_ = max_body_bytes;
  reader_ = AnswerReader(max_body_bytes, last_body_bytes_ + last_body_bytes_ / 16);
  sent_ = 0;
  was_kept_ = descriptor_ >= 0 && is_silent();
  return end(was_kept_ ? send_rest() : open());
}

// What has come unasked would be taken for the next answer, and each later one would be one behind.
bool PlainConnection::is_silent() const noexcept {
  char byte = 0;
  return ::recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

PlainConnection::Step PlainConnection::open() {
  close();
  was_kept_ = false;
  sent_ = 0;
  descriptor_ = ::socket(target_->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor_ < 0) return Step::unreachable;
  const int yes = 1;
  (void)::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  const auto* const address = reinterpret_cast<const sockaddr*>(&target_->address);
  if (::connect(descriptor_, address, target_->address_size) == 0) return send_rest();
  if (errno != EINPROGRESS) return Step::unreachable;
  state_ = State::connecting;
  return Step::waiting;
}

// A server may close a kept connection at any time: only then nothing of an answer has come, and asking again does no harm.
PlainConnection::Step PlainConnection::broken() {
  return was_kept_ && !reader_.has_begun() ? open() : Step::broke_off;
}

PlainConnection::Step PlainConnection::send_rest() {
  state_ = State::sending;
  const std::string& text = target_->request;
  while (sent_ < text.size()) {
    const ssize_t size = ::send(descriptor_, text.data() + sent_, text.size() - sent_, MSG_NOSIGNAL);
    if (size >= 0) {
      sent_ += static_cast<std::size_t>(size);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return Step::waiting;
    } else if (errno != EINTR) {
      return broken();
    }
  }
  state_ = State::receiving;
  return Step::waiting;
}

AnswerReader::State PlainConnection::feed(std::string_view bytes) {
  try {
    return reader_.feed(bytes);
  } catch (const std::bad_alloc&) {  // this body is too large for this machine; the others go on
    return AnswerReader::State::too_large;
  }
}

PlainConnection::Step PlainConnection::receive(std::span<char> buffer) {
  for (std::size_t taken = 0; taken < turn_bytes;) {
    const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Step::waiting;
    if (size <= 0) return broken();
    const auto count = static_cast<std::size_t>(size);
    switch (feed({buffer.data(), count})) {
      case AnswerReader::State::done:
        return Step::done;
      case AnswerReader::State::odd:
        return Step::odd;
      case AnswerReader::State::too_large:
        return Step::too_large;
      case AnswerReader::State::more:
        break;
    }
    if (count < buffer.size()) return Step::waiting;  // there was no more
    taken += count;
  }
  return Step::waiting;
}

PlainConnection::Step PlainConnection::resume(std::span<char> buffer) {
  if (state_ == State::connecting) {
    int error = 0;
    socklen_t size = sizeof(error);
    if (::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0)
      return end(Step::unreachable);
    return end(send_rest());
  }
  return end(state_ == State::sending ? send_rest() : receive(buffer));
}

}  // namespace net
BELLWETHER_NAMESPACE_END
