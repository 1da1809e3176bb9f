// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <sys/socket.h>

#include <bellwether/version.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "net/connection.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

template <typename Stream>
constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

template <typename Stream>
boost::asio::ip::tcp::socket& socket_of(Stream& stream) {
  if constexpr (is_tls<Stream>) {
    return stream.next_layer();
  } else {
    return stream;
  }
}

/// The life of a socket around what is said on it: TLS handshake, deadlines, and an end at which the client still gets
/// our last words. What is said is the derived class's affair.
///
/// Threads: the I/O thread.
template <typename Stream>
class ClientStream : public Connection, public std::enable_shared_from_this<ClientStream<Stream>> {
 public:
  void start() override {
    if constexpr (is_tls<Stream>) {
      set_deadline(state_.options.read_timeout);
      stream_.async_handshake(boost::asio::ssl::stream_base::server,
                              [self = self()](error_code failed) { self->on_handshake(failed); });
    } else {
      on_ready();
    }
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    timer_.cancel();
    on_close();
    error_code ignored;
    lowest().close(ignored);
    leave();
  }

 protected:
  using error_code = boost::system::error_code;
  static constexpr std::size_t read_chunk = 4096;

  template <typename... Args>
  explicit ClientStream(ServerState& state, boost::asio::ip::tcp::socket socket, Args&... args)
      : Connection(state),
        stream_(std::move(socket), args...),
        buffer_(state.options.max_header_bytes + 64 * 1024),
        timer_(stream_.get_executor()) {}

  /// The handshake is done.
  virtual void on_ready() = 0;
  /// The time of `set_deadline` is over; not called once a new one was set, or the end has begun.
  virtual void on_deadline() = 0;
  /// Lets go of all that could work on.
  virtual void on_close() = 0;

  std::shared_ptr<ClientStream> self() { return this->shared_from_this(); }
  bool closed() const { return closed_; }
  bool is_ending() const { return ending_ || closed_; }
  boost::asio::ip::tcp::socket& lowest() { return socket_of(stream_); }

  /// Each request sets several, of which hardly one comes: the timer is let run on, and looks when it ends what holds by then.
  void set_deadline(std::chrono::milliseconds after) {
    deadline_ = std::chrono::steady_clock::now() + after;
    if (!timer_runs_ || deadline_ < timer_.expiry()) start_timer();
  }
  void no_deadline() { deadline_ = no_time; }

  /// What the client sends after our last words is to be read and thrown away, lest it loses them.
  void expect_more_at_end() { linger_ = true; }

  /// Nothing more is written.
  void say_goodbye() {
    ending_ = true;
    if (buffer_.size() > 0) linger_ = true;
    set_deadline(linger_time);
    if constexpr (is_tls<Stream>) {
      stream_.async_shutdown([self = self()](error_code) {
        if (!self->closed_) self->half_close();
      });
    } else {
      half_close();
    }
  }

  /// Where nothing is being read nobody else would notice.
  bool is_peer_gone() {
    char byte = 0;
    const auto size = ::recv(lowest().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size == 0 || (size < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
  }

  /// Hands the socket to another connection; this one is over.
  Stream release() {
    closed_ = true;
    timer_.cancel();
    leave();
    return std::move(stream_);
  }

  Stream stream_;
  boost::beast::flat_buffer buffer_;

 private:
  static constexpr std::chrono::milliseconds linger_time{1000};  // for a client to read our last words
  static constexpr std::size_t linger_bytes = 1024UL * 1024;     // of what it still sends meanwhile
  static constexpr std::string_view plain_http_answer =
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
      "this port speaks HTTPS: write https:// before the address\n";

  static constexpr auto no_time = std::chrono::steady_clock::time_point::max();

  void start_timer() {
    timer_runs_ = true;
    timer_.expires_at(deadline_);  // cancels the wait before
    timer_.async_wait([self = self()](error_code cancelled) {
      if (!cancelled && !self->closed_) self->on_timer();
    });
  }

  void on_timer() {
    timer_runs_ = false;
    if (deadline_ == no_time) return;
    // Also where it had fired already when the deadline was moved.
    if (deadline_ > std::chrono::steady_clock::now()) return start_timer();
    ending_ || !ready_ ? close() : on_deadline();
  }

  void on_handshake(error_code failed) {
    if (closed_) return;
    if (!failed) {
      ready_ = true;
      return on_ready();
    }
    const bool is_http = failed.category() == boost::asio::error::get_ssl_category() &&
                         ERR_GET_REASON(static_cast<unsigned long>(failed.value())) == SSL_R_HTTP_REQUEST;
    if (!is_http) return close();
    boost::asio::async_write(lowest(), boost::asio::buffer(plain_http_answer),
                             [self = self()](error_code unsent, std::size_t) {
                               if (self->closed_) return;
                               if (unsent) return self->close();
                               self->linger_ = true;
                               self->half_close();
                             });
  }

  // Closing with unread bytes would make the kernel reset the connection and the client lose our answer.
  void half_close() {
    ending_ = true;
    error_code failed;
    lowest().shutdown(boost::asio::ip::tcp::socket::shutdown_send, failed);
    if (failed || !linger_) return close();
    set_deadline(linger_time);
    discard();
  }

  void discard() {
    buffer_.clear();
    lowest().async_read_some(buffer_.prepare(read_chunk), [self = self()](error_code failed, std::size_t size) {
      if (self->closed_) return;
      self->discarded_ += size;
      if (failed || self->discarded_ > linger_bytes) return self->close();
      self->discard();
    });
  }

  boost::asio::steady_timer timer_;
  bool timer_runs_ = false;
  std::chrono::steady_clock::time_point deadline_ = no_time;
  bool ready_ = !is_tls<Stream>;
  bool ending_ = false;
  bool closed_ = false;
  bool linger_ = false;
  std::size_t discarded_ = 0;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
