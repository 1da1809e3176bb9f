// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/websocket_session.hpp"

#include <array>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <string>
#include <utility>

#include "net/http_date.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds goodbye_time{1000};

/// One client's WebSocket: the feed's messages go out one at a time, what comes in is thrown away. Pings, pongs and the
/// close handshake are Beast's.
template <typename Stream>
class WebSocketSession final : public Connection,
                               public WebSocketWaker::Sleeper,
                               public std::enable_shared_from_this<WebSocketSession<Stream>> {
 public:
  WebSocketSession(Stream stream, ServerState& state, WebSocketStart start)
      : Connection(state), start_(std::move(start)), socket_(std::move(stream)), deadline_(socket_.get_executor()) {}

  void start() override {
    start_.waker->sleeper = this->weak_from_this();
    socket_.set_option(websocket::stream_base::timeout{goodbye_time, 2 * start_.limits.ping_interval, true});
    socket_.set_option(websocket::stream_base::decorator([&state = state_](websocket::response_type& response) {
      response.set(boost::beast::http::field::server, "bellwether");  // else Beast names itself and its version
      response.set(boost::beast::http::field::date, http_date(state.options.clock->wall()));
      for (const auto& [name, value] : state.configured_headers) response.insert(name, value);
    }));
    socket_.read_message_max(0);  // `read` counts
    // Whoever has said goodbye must also close.
    socket_.control_callback([this](websocket::frame_type kind, boost::beast::string_view) {
      if (kind != websocket::frame_type::close) return;
      client_closes_ = true;
      set_deadline(goodbye_time);
    });
    socket_.text(true);
    socket_.auto_fragment(false);  // a message is in memory anyway
    set_deadline(state_.options.write_timeout);
    socket_.async_accept(start_.request, [self = self()](error_code failed) { self->on_accept(failed); });
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    start_.feed.reset();
    deadline_.cancel();
    error_code ignored;
    socket_of(socket_.next_layer()).close(ignored);
    start_.observed.tell(state_.options.observer, false);
    leave();
  }

  void finish() override { open_ ? say_goodbye(websocket::close_code::going_away, "the server stops") : close(); }

  void on_wake() override { send_next(); }

 private:
  std::shared_ptr<WebSocketSession> self() { return this->shared_from_this(); }

  void set_deadline(milliseconds after) {
    deadline_.expires_after(after);
    deadline_.async_wait([self = self()](error_code cancelled) {
      if (!cancelled && self->deadline_.expiry() <= std::chrono::steady_clock::now()) self->close();
    });
  }

  void on_accept(error_code failed) {
    if (closed_) return;
    start_.observed.answering(101);
    if (failed) return close();
    start_.observed.tell(state_.options.observer, true);
    deadline_.cancel();
    open_ = true;
    if (state_.stopping) return finish();
    read();
    send_next();
  }

  // Thrown away as it comes, so that a large message costs no memory before it is refused.
  void read() {
    socket_.async_read_some(boost::asio::buffer(incoming_), [self = self()](error_code failed, std::size_t size) {
      if (self->closed_) return;
      if (failed) return self->on_end();
      self->message_size_ += size;
      if (self->message_size_ > self->start_.limits.max_incoming_bytes) {
        return self->say_goodbye(websocket::close_code::too_big, "the message is too large");
      }
      if (self->socket_.is_message_done()) self->message_size_ = 0;
      self->read();
    });
  }

  // The client has closed, broken the rules (Beast has told it so) or is gone.
  void on_end() {
    if (closing_ && open_) return;  // what we began ends by itself, or at its deadline
    close();
  }

  void send_next() {
    if (closed_ || closing_ || client_closes_ || !open_ || message_) return;
    WebSocketFeed::Next next;
    try {
      next = start_.feed->next();
    } catch (...) {
      next.close_code = websocket::close_code::internal_error;
    }
    if (next.close_code != 0) return say_goodbye(next.close_code, next.close_reason);
    if (!next.text) return;
    message_ = std::move(next.text);
    set_deadline(state_.options.write_timeout);
    socket_.async_write(boost::asio::buffer(*message_), [self = self()](error_code failed, std::size_t) {
      self->message_.reset();
      if (self->closed_ || self->closing_ || self->client_closes_) return;
      if (failed) return self->close();
      self->deadline_.cancel();
      self->send_next();
    });
  }

  void say_goodbye(std::uint16_t code, const std::string& why) {
    if (std::exchange(closing_, true)) return;
    start_.feed.reset();
    set_deadline(goodbye_time);
    websocket::close_reason reason(static_cast<websocket::close_code>(code));
    reason.reason.assign(why.substr(0, reason.reason.max_size()));
    socket_.async_close(reason, [self = self()](error_code) { self->close(); });
  }

  WebSocketStart start_;
  websocket::stream<Stream, false> socket_;  // without compression: it would be done once for every client
  boost::asio::steady_timer deadline_;
  std::array<char, 4096> incoming_{};
  std::size_t message_size_ = 0;                // of what has come of the present one
  std::shared_ptr<const std::string> message_;  // is being written
  bool open_ = false;
  bool closing_ = false;        // we have begun to
  bool client_closes_ = false;  // the client has
  bool closed_ = false;
};

}  // namespace

void start_websocket(boost::asio::ip::tcp::socket stream, ServerState& state, WebSocketStart start) {
  std::make_shared<WebSocketSession<boost::asio::ip::tcp::socket>>(std::move(stream), state, std::move(start))->start();
}

void start_websocket(TlsStream stream, ServerState& state, WebSocketStart start) {
  std::make_shared<WebSocketSession<TlsStream>>(std::move(stream), state, std::move(start))->start();
}

}  // namespace net
BELLWETHER_NAMESPACE_END
