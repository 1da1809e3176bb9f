// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/connection.hpp"

#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <cerrno>
#include <cstdio>
#include <type_traits>

#include "net/request_head.hpp"
#include "net/response_head.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

using TlsStream = asio::ssl::stream<tcp::socket>;

constexpr milliseconds linger_time{1000};          // for a client to read our last words
constexpr std::size_t linger_bytes = 1024 * 1024;  // of what it still sends meanwhile
constexpr milliseconds peek_interval{100};         // between two looks whether a waiting stream's reader is there
constexpr std::size_t read_chunk = 4096;

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view plain_http_answer =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
    "this port speaks HTTPS: write https:// before the address\n";

template <typename Stream>
class StreamConnection final : public Connection, public std::enable_shared_from_this<StreamConnection<Stream>> {
 public:
  template <typename... Args>
  explicit StreamConnection(ServerState& state, tcp::socket socket, Args&... args)
      : state_(state),
        stream_(std::move(socket), args...),
        deadline_(stream_.get_executor()),
        poll_(stream_.get_executor()),
        buffer_(state.options.max_header_bytes + 64 * 1024) {
    state_.connections.insert(this);
    state_.open.store(state_.connections.size());
    error_code ignored;
    const auto remote = lowest().remote_endpoint(ignored);
    if (!ignored) remote_address_ = remote.address().to_string();
  }

  ~StreamConnection() override { leave(); }

  void start() override {
    if constexpr (is_tls) {
      phase_ = Phase::Handshake;
      set_deadline(state_.options.read_timeout);
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = self()](error_code failed) { self->on_handshake(failed); });
    } else {
      next_request();
    }
  }

  void refuse() override {
    refused_ = true;
    ++state_.refused;
    fail(Response::text(503, "too many connections; try again later\n"));
  }

  void close() override {
    if (phase_ == Phase::Closed) return;
    phase_ = Phase::Closed;
    deadline_.cancel();
    poll_.cancel();
    source_.reset();
    error_code ignored;
    lowest().close(ignored);
    leave();
  }

  void finish() override {
    switch (phase_) {
      case Phase::Authentication:
      case Phase::Body:
      case Phase::Answer:
        break;  // `next_request` closes
      case Phase::Waiting:
        poll_.cancel();
        break;  // `on_poll` ends the body
      default:
        close();
    }
  }

  std::optional<steady_clock::time_point> idle_since() const override {
    if (phase_ != Phase::Idle) return std::nullopt;
    return idle_since_;
  }

 private:
  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

  enum class Phase {
    Handshake,
    Idle,            // between two requests
    Header,          // of the first request: also before its first byte
    Authentication,  // on the other thread
    Body,            // the request's
    Answer,          // is being written
    Waiting,         // for a source that has nothing yet
    Linger,          // said goodbye, reads what is still under way
    Closed
  };

  std::shared_ptr<StreamConnection> self() { return this->shared_from_this(); }
  bool closed() const { return phase_ == Phase::Closed; }

  tcp::socket& lowest() {
    if constexpr (is_tls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  asio::io_context& io_context() {
    return static_cast<asio::io_context&>(asio::query(lowest().get_executor(), asio::execution::context));
  }

  void leave() {
    if (state_.connections.erase(this) == 0) return;
    if (refused_) --state_.refused;
    state_.open.store(state_.connections.size());
  }

  // ---- time ----

  void set_deadline(milliseconds after) {
    deadline_.expires_after(after);
    deadline_.async_wait([self = self()](error_code cancelled) {
      // A deadline that was moved after it had fired already comes here as well.
      if (cancelled || self->closed() || self->deadline_.expiry() > steady_clock::now()) return;
      self->on_deadline();
    });
  }

  void on_deadline() {
    const bool has_begun = phase_ == Phase::Body || (phase_ == Phase::Header && has_bytes_);
    if (!has_begun) return close();
    timed_out_ = true;  // the read that is cancelled now goes on with a 408
    error_code ignored;
    lowest().cancel(ignored);
  }

  // ---- reading ----

  void on_handshake(error_code failed) {
    if (closed()) return;
    if (!failed) return next_request();
    const bool is_http = failed.category() == asio::error::get_ssl_category() &&
                         ERR_GET_REASON(static_cast<unsigned long>(failed.value())) == SSL_R_HTTP_REQUEST;
    if (!is_http) return close();
    asio::async_write(lowest(), asio::buffer(plain_http_answer), [self = self()](error_code unsent, std::size_t) {
      if (self->closed()) return;
      if (unsent) return self->close();
      self->linger_ = true;
      self->half_close();
    });
  }

  void next_request() {
    if (state_.stopping) return say_goodbye();
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(state_.options.max_header_bytes));
    parser_->body_limit(state_.options.max_body_bytes);
    head_ = {};
    has_bytes_ = buffer_.size() > 0;
    if (has_bytes_) {
      phase_ = Phase::Header;
      set_deadline(state_.options.read_timeout);
      return read_header();
    }
    phase_ = served_any_ ? Phase::Idle : Phase::Header;
    idle_since_ = steady_clock::now();
    set_deadline(served_any_ ? state_.options.idle_timeout : state_.options.read_timeout);
    stream_.async_read_some(buffer_.prepare(read_chunk), [self = self()](error_code failed, std::size_t size) {
      self->on_first_bytes(failed, size);
    });
  }

  void on_first_bytes(error_code failed, std::size_t size) {
    if (closed()) return;
    if (failed) return failed == asio::error::eof ? say_goodbye() : close();
    buffer_.commit(size);
    has_bytes_ = true;
    if (phase_ == Phase::Idle) set_deadline(state_.options.read_timeout);
    phase_ = Phase::Header;
    read_header();
  }

  void read_header() {
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = self()](error_code failed, std::size_t) { self->on_header(failed); });
  }

  void on_header(error_code failed) {
    if (closed()) return;
    if (failed) return on_read_failure(failed);
    http10_ = parser_->get().version() < 11;
    keep_alive_ = parser_->keep_alive();
    Response refusal;
    if (!read_request_head(parser_->get(), head_, refusal)) return fail(std::move(refusal));
    head_.request.remote_address = remote_address_;
    authenticate();
  }

  void on_read_failure(error_code failed) {
    if (timed_out_) return fail(Response::text(408, "the request did not come in time\n"));
    if (auto answer = parse_failure_response(failed)) return fail(std::move(*answer));
    close();
  }

  // ---- deciding ----

  void authenticate() {
    if (!state_.auth) return route();
    auto credentials = parse_basic_authorization(head_.request.header("Authorization"));
    if (!credentials) return deny();
    head_.request.user = credentials->user;
    // Handlers need no password, and may print headers.
    std::erase_if(head_.request.headers,
                  [](const Field& field) { return beast::iequals(field.first, "Authorization"); });
    if (state_.auth->remembers(*credentials)) return route();
    phase_ = Phase::Authentication;
    deadline_.cancel();
    // The last owner must not be the other thread: it hands its share back with the answer.
    const bool taken =
        state_.auth->submit(*std::move(credentials), [self = self(), &context = io_context()](bool granted) mutable {
          asio::post(context, [owner = std::move(self), granted] { owner->on_authentication(granted); });
        });
    if (!taken) answer_early(Response::text(503, "too many logins at once; try again later\n"));
  }

  void on_authentication(bool granted) {
    if (closed()) return;
    granted ? route() : deny();
  }

  void deny() {
    Response response = Response::text(401, "a user name and a password are needed\n");
    response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"bellwether\"");
    answer_early(std::move(response));
  }

  void route() {
    Router::Match match = state_.router.find(head_.request.method, head_.segments);
    if (match.handler == nullptr) {
      Response response = match.allow.empty() ? Response::text(404, "nothing is served at this path\n")
                                              : Response::text(405, "this path takes " + match.allow + '\n');
      if (!match.allow.empty()) response.headers.emplace_back("Allow", std::move(match.allow));
      return answer_early(std::move(response));
    }
    handler_ = match.handler;
    head_.request.parameters = std::move(match.parameters);
    if (parser_->is_done()) return handle();
    if (!head_.expects_continue) return read_body();
    after_write_ = &StreamConnection::read_body;
    pending_ = {asio::buffer(continue_line)};
    write();
  }

  void read_body() {
    phase_ = Phase::Body;
    set_deadline(state_.options.read_timeout);
    http::async_read(stream_, buffer_, *parser_,
                     [self = self()](error_code failed, std::size_t) { self->on_body(failed); });
  }

  void on_body(error_code failed) {
    if (closed()) return;
    if (failed) return on_read_failure(failed);
    handle();
  }

  void handle() {
    head_.request.body = std::move(parser_->get().body());
    Response response;
    try {
      response = (*handler_)(head_.request);
    } catch (...) {
      response = internal_error();
    }
    answer(std::move(response));
  }

  static Response internal_error() { return Response::text(500, "the server could not answer this request\n"); }

  // ---- answering ----

  // Before the request's body was read: the connection is of no use any more if there is one.
  void answer_early(Response response) {
    if (!parser_->is_done()) return fail(std::move(response));
    answer(std::move(response));
  }

  void fail(Response response) {
    keep_alive_ = false;
    linger_ = true;
    answer(std::move(response));
  }

  void answer(Response response) {
    if (!is_sendable(response)) response = internal_error();
    const bool without_body = head_.request.method == "HEAD" || !may_have_body(response.status);
    take_source(response, without_body);
    Framing framing;
    framing.http10 = http10_;
    if (const auto* text = std::get_if<std::string>(&response.body)) {
      framing.content_length = text->size();
    } else {
      framing.chunked = !http10_;
      if (http10_) keep_alive_ = false;
    }
    chunked_ = framing.chunked;
    framing.keep_alive = keep_alive_ && !state_.stopping;
    keep_alive_ = framing.keep_alive;
    lead_ = response_head(response, framing, state_.configured_headers, state_.options.clock->wall());
    if (source_) return write_chunk();
    if (auto* text = std::get_if<std::string>(&response.body); text != nullptr && !without_body) {
      chunk_ = std::move(*text);
    } else {
      chunk_.clear();
    }
    after_write_ = &StreamConnection::finish_answer;
    pending_ = {asio::buffer(lead_), asio::buffer(chunk_)};
    write();
  }

  // The first chunk is made before the head is sent: a source that fails at once still becomes a 500.
  void take_source(Response& response, bool without_body) {
    auto* source = std::get_if<std::unique_ptr<BodySource>>(&response.body);
    if (source == nullptr) return;
    if (!*source) {
      response = internal_error();
      return;
    }
    if (without_body) return;
    source_ = std::move(*source);
    if (pull()) return;
    source_.reset();
    response = internal_error();
  }

  bool pull() {
    chunk_.clear();
    try {
      has_more_ = source_->next(chunk_);
      return true;
    } catch (...) {
      return false;
    }
  }

  // What is in `lead_` (the head, or nothing) and `chunk_`.
  void write_chunk() {
    tail_.clear();
    if (chunked_) {
      if (!chunk_.empty()) {
        std::array<char, 24> size{};
        const int length = std::snprintf(size.data(), size.size(), "%zx\r\n", chunk_.size());
        lead_.append(size.data(), static_cast<std::size_t>(length));
        tail_ = "\r\n";
      }
      if (!has_more_) tail_ += "0\r\n\r\n";
    }
    after_write_ = &StreamConnection::on_chunk_written;
    pending_ = {asio::buffer(lead_), asio::buffer(chunk_), asio::buffer(tail_)};
    write();
  }

  void on_chunk_written() {
    lead_.clear();
    if (!has_more_) return finish_answer();
    if (!pull()) return close();  // the client sees that the end is missing
    if (has_more_ && chunk_.empty()) return wait_for_source();
    write_chunk();
  }

  void wait_for_source() {
    phase_ = Phase::Waiting;
    deadline_.cancel();
    poll_.expires_after(source_->poll_interval());
    poll_.async_wait([self = self()](error_code) { self->on_poll(); });
  }

  void on_poll() {
    if (closed()) return;
    if (state_.stopping) {
      chunk_.clear();
      has_more_ = false;
      return write_chunk();
    }
    const auto now = steady_clock::now();
    if (now - last_peek_ >= peek_interval) {
      last_peek_ = now;
      if (is_peer_gone()) return close();
    }
    on_chunk_written();
  }

  // Nothing is being read while an answer is under way, so nobody else would notice.
  bool is_peer_gone() {
    char byte = 0;
    const auto size = ::recv(lowest().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size == 0 || (size < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
  }

  // Writes `pending_`, then goes on with `after_write_`. Every byte that the client takes buys it more time.
  void write() {
    if (asio::buffer_size(pending_) == 0) return (this->*after_write_)();
    phase_ = Phase::Answer;
    set_deadline(state_.options.write_timeout);
    stream_.async_write_some(pending_, [self = self()](error_code failed, std::size_t size) {
      if (self->closed()) return;
      if (failed) return self->close();
      self->consume(size);
      self->write();
    });
  }

  void consume(std::size_t size) {
    for (asio::const_buffer& buffer : pending_) {
      const std::size_t part = std::min(size, buffer.size());
      buffer += part;
      size -= part;
    }
  }

  void finish_answer() {
    source_.reset();
    served_any_ = true;
    if (!keep_alive_) return say_goodbye();
    next_request();
  }

  // ---- ending ----

  void say_goodbye() {
    phase_ = Phase::Linger;
    if (buffer_.size() > 0) linger_ = true;
    set_deadline(linger_time);
    if constexpr (is_tls) {
      stream_.async_shutdown([self = self()](error_code) {
        if (!self->closed()) self->half_close();
      });
    } else {
      half_close();
    }
  }

  // Closing with unread bytes would make the kernel reset the connection and the client lose our answer.
  void half_close() {
    phase_ = Phase::Linger;
    error_code failed;
    lowest().shutdown(tcp::socket::shutdown_send, failed);
    if (failed || !linger_) return close();
    set_deadline(linger_time);
    discard();
  }

  void discard() {
    buffer_.clear();
    lowest().async_read_some(buffer_.prepare(read_chunk), [self = self()](error_code failed, std::size_t size) {
      if (self->closed()) return;
      self->discarded_ += size;
      if (failed || self->discarded_ > linger_bytes) return self->close();
      self->discard();
    });
  }

  ServerState& state_;
  Stream stream_;
  asio::steady_timer deadline_;
  asio::steady_timer poll_;
  std::string remote_address_;
  Phase phase_ = Phase::Header;
  bool refused_ = false;

  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  RequestHead head_;
  const Handler* handler_ = nullptr;
  bool http10_ = false;
  bool keep_alive_ = true;
  bool has_bytes_ = false;
  bool timed_out_ = false;
  bool served_any_ = false;
  steady_clock::time_point idle_since_;

  std::unique_ptr<BodySource> source_;
  bool has_more_ = false;
  bool chunked_ = false;
  steady_clock::time_point last_peek_;
  std::string lead_;
  std::string chunk_;
  std::string tail_;
  std::array<asio::const_buffer, 3> pending_;
  void (StreamConnection::*after_write_)() = nullptr;

  bool linger_ = false;
  std::size_t discarded_ = 0;
};

}  // namespace

std::shared_ptr<Connection> make_connection(tcp::socket socket, asio::ssl::context* tls, ServerState& state) {
  if (tls == nullptr) return std::make_shared<StreamConnection<tcp::socket>>(state, std::move(socket));
  return std::make_shared<StreamConnection<TlsStream>>(state, std::move(socket), *tls);
}

}  // namespace net
BELLWETHER_NAMESPACE_END
