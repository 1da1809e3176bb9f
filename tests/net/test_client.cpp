// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/test_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <thread>
#include <utility>

namespace bellwether::test {

namespace {

using SslContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using SslSession = std::unique_ptr<SSL, decltype(&SSL_free)>;

int connect_to(std::uint16_t port, int receive_buffer) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer > 0) ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  const timeval patience{30, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return fd;
  ::close(fd);
  return -1;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

void parse_head(const std::string& head, ClientResponse& response) {
  response.status = head.size() > 12 ? std::atoi(head.c_str() + 9) : 0;
  std::size_t at = head.find("\r\n") + 2;
  while (at < head.size()) {
    const std::size_t end = head.find("\r\n", at);
    const std::string line = head.substr(at, end - at);
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) response.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
    if (end == std::string::npos) break;
    at = end + 2;
  }
}

}  // namespace

struct TestClient::Tls {
  SslContext context{nullptr, &SSL_CTX_free};
  SslSession session{nullptr, &SSL_free};
};

TestClient::TestClient(std::uint16_t port, int receive_buffer) : socket_(connect_to(port, receive_buffer)) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
}

TestClient::TestClient(std::uint16_t port, const ClientTls& tls) : TestClient(port) {
  tls_ = std::make_unique<Tls>();
  tls_->context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = tls_->context.get();
  if (tls.max_version != 0) {
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_max_proto_version(context, tls.max_version);
  }
  if (!tls.ca_file.empty()) {
    SSL_CTX_load_verify_locations(context, tls.ca_file.c_str(), nullptr);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  }
  if (!tls.cert_file.empty()) {
    SSL_CTX_use_certificate_chain_file(context, tls.cert_file.c_str());
    SSL_CTX_use_PrivateKey_file(context, tls.key_file.c_str(), SSL_FILETYPE_PEM);
  }
  tls_->session.reset(SSL_new(context));
  SSL_set_fd(tls_->session.get(), socket_);
  if (SSL_connect(tls_->session.get()) == 1) return;
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  tls_error_ = text.data();
}

TestClient::~TestClient() {
  close();
}

TestClient::TestClient(TestClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      tls_(std::move(other.tls_)),
      tls_error_(std::move(other.tls_error_)),
      buffer_(std::move(other.buffer_)) {}

bool TestClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = tls_ ? SSL_write(tls_->session.get(), bytes.data(), static_cast<int>(bytes.size()))
                           : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool TestClient::fill() {
  std::array<char, 16384> bytes{};
  const auto size = tls_ ? SSL_read(tls_->session.get(), bytes.data(), static_cast<int>(bytes.size()))
                         : ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (size <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(size));
  return true;
}

ClientResponse TestClient::receive(bool head_only) {
  ClientResponse response;
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return response;
  }
  parse_head(buffer_.substr(0, end), response);
  buffer_.erase(0, end + 4);
  if (head_only || response.status == 204 || response.status == 304 || response.status == 100) {
    response.complete = true;
  } else if (response.headers.count("content-length") != 0) {
    const std::size_t size = std::stoul(response.headers["content-length"]);
    while (buffer_.size() < size && fill()) {
    }
    response.complete = buffer_.size() >= size;
    response.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
  } else if (response.headers.count("transfer-encoding") != 0) {
    while (true) {
      while ((end = buffer_.find("\r\n")) == std::string::npos) {
        if (!fill()) return response;
      }
      const std::size_t size = std::stoul(buffer_.substr(0, end), nullptr, 16);
      while (buffer_.size() < end + 4 + size) {
        if (!fill()) return response;
      }
      response.body += buffer_.substr(end + 2, size);
      buffer_.erase(0, end + 4 + size);
      if (size == 0) break;
    }
    response.complete = true;
  } else {
    response.body = read_to_end();
    response.complete = true;
  }
  return response;
}

ClientResponse TestClient::get(std::string_view path, std::string_view headers) {
  send("GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(headers) + "\r\n");
  return receive();
}

std::string TestClient::read(std::size_t size) {
  while (buffer_.size() < size && fill()) {
  }
  std::string bytes = buffer_.substr(0, size);
  buffer_.erase(0, bytes.size());
  return bytes;
}

std::string TestClient::read_to_end() {
  while (fill()) {
  }
  return std::exchange(buffer_, {});
}

bool TestClient::is_closed_by_server() {
  std::array<char, 1> byte{};
  if (!buffer_.empty()) return false;
  if (tls_) return SSL_read(tls_->session.get(), byte.data(), 1) <= 0;
  const auto size = ::recv(socket_, byte.data(), 1, 0);
  return size == 0 || (size < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

void TestClient::half_close() {
  ::shutdown(socket_, SHUT_WR);
}

void TestClient::close() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

}  // namespace bellwether::test
