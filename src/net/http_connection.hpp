// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "net/answering_stream.hpp"
#include "net/request_head.hpp"
#include "net/websocket_session.hpp"
#include "net/websocket_upgrade.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// Requests and their answers on a client's stream, one after the other.
template <typename Stream>
class HttpConnection final : public AnsweringStream<Stream> {
  using Base = AnsweringStream<Stream>;
  using error_code = boost::system::error_code;
  using steady_clock = std::chrono::steady_clock;

 public:
  template <typename... Args>
  explicit HttpConnection(ServerState& state, boost::asio::ip::tcp::socket socket, Args&... args)
      : Base(state, std::move(socket), args...), peek_(this->stream_.get_executor()) {
    error_code ignored;
    const auto remote = this->lowest().remote_endpoint(ignored);
    if (!ignored) remote_address_ = remote.address().to_string();
  }

  /// Says 503 instead of serving, then closes.
  void refuse() {
    this->become_refused();
    fail(Response::text(503, "too many connections; try again later\n"));
  }

  void finish() override {
    if (this->finish_answer()) return;
    const bool has_begun = phase_ == Phase::Authentication || phase_ == Phase::Body || phase_ == Phase::Work;
    if (!has_begun) this->close();  // else `next_request` does
  }

  std::optional<steady_clock::time_point> idle_since() const override {
    if (phase_ != Phase::Idle) return std::nullopt;
    return idle_since_;
  }

 private:
  using Base::buffer_;
  using Base::closed;
  using Base::observed_;
  using Base::set_deadline;
  using Base::state_;
  using Base::stream_;

  enum class Phase {
    Idle,            // between two requests
    Header,          // of the first request: also before its first byte
    Authentication,  // on the other thread
    Body,            // the request's
    Work,            // of a blocking handler, on a worker
    Answer,          // the base class has it; also at the end
  };

  std::shared_ptr<HttpConnection> self() { return std::static_pointer_cast<HttpConnection>(this->shared_from_this()); }

  boost::asio::io_context& io_context() {
    namespace asio = boost::asio;
    return static_cast<asio::io_context&>(asio::query(this->lowest().get_executor(), asio::execution::context));
  }

  void on_ready() override { next_request(); }

  void on_answer() override { phase_ = Phase::Answer; }

  void on_answered(bool keep_alive) override {
    served_any_ = true;
    keep_alive ? next_request() : end();
  }

  void on_deadline() override {
    const bool has_begun = phase_ == Phase::Body || (phase_ == Phase::Header && has_bytes_);
    if (!has_begun) return this->close();
    timed_out_ = true;  // the read that is cancelled now goes on with a 408
    error_code ignored;
    this->lowest().cancel(ignored);
  }

  void end() {
    phase_ = Phase::Answer;
    this->say_goodbye();
  }

  // ---- reading ----

  void next_request() {
    if (state_.stopping) return end();
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(state_.options.max_header_bytes));
    parser_->body_limit(state_.options.max_body_bytes);
    head_ = {};
    has_bytes_ = buffer_.size() > 0;
    if (has_bytes_) return begin_header();
    phase_ = served_any_ ? Phase::Idle : Phase::Header;
    idle_since_ = steady_clock::now();
    set_deadline(served_any_ ? state_.options.idle_timeout : state_.options.read_timeout);
    stream_.async_read_some(buffer_.prepare(Base::read_chunk), [self = self()](error_code failed, std::size_t size) {
      self->on_first_bytes(failed, size);
    });
  }

  void on_first_bytes(error_code failed, std::size_t size) {
    if (closed()) return;
    if (failed) return failed == boost::asio::error::eof ? end() : this->close();
    buffer_.commit(size);
    has_bytes_ = true;
    begin_header();
  }

  void begin_header() {
    // The first request's time counts from the connection.
    if (served_any_) set_deadline(state_.options.read_timeout);
    phase_ = Phase::Header;
    this->set_terms({});
    observed_.begin();
    boost::beast::http::async_read_header(
        stream_, buffer_, *parser_,
        [self = self()](error_code failed, std::size_t size) { self->on_header(failed, size); });
  }

  void on_header(error_code failed, std::size_t size) {
    if (closed()) return;
    observed_.received(size);
    if (failed) return on_read_failure(failed);
    const auto method = parser_->get().method_string();
    this->set_terms({parser_->get().version() < 11, method == "HEAD", parser_->keep_alive()});
    observed_.head_read(method);
    Response refusal;
    if (!read_request_head(parser_->get(), head_, refusal)) return fail(std::move(refusal));
    head_.request.remote_address = remote_address_;
    match_ = state_.router.find(head_.request.method, head_.segments);
    if (match_.route != nullptr) observed_.route_found(match_.route->path);
    authenticate();
  }

  void on_read_failure(error_code failed) {
    if (timed_out_) return fail(Response::text(408, "the request did not come in time\n"));
    if (auto answer = parse_failure_response(failed)) return fail(std::move(*answer));
    this->close();
  }

  // ---- deciding ----

  void authenticate() {
    if (!state_.auth) return dispatch();
    auto credentials = parse_basic_authorization(head_.request.header("Authorization"));
    if (!credentials) return deny();
    head_.request.user = credentials->user;
    // Handlers need no password, and may print headers.
    std::erase_if(head_.request.headers,
                  [](const Field& field) { return boost::beast::iequals(field.first, "Authorization"); });
    if (state_.auth->remembers(*credentials)) return dispatch();
    phase_ = Phase::Authentication;
    this->no_deadline();
    // The last owner must not be the other thread: it hands its share back with the answer.
    const bool taken =
        state_.auth->submit(*std::move(credentials), [self = self(), &context = io_context()](bool granted) mutable {
          boost::asio::post(context, [owner = std::move(self), granted] { owner->on_authentication(granted); });
        });
    if (!taken) answer_early(Response::text(503, "too many logins at once; try again later\n"));
  }

  void on_authentication(bool granted) {
    if (closed()) return;
    granted ? dispatch() : deny();
  }

  void deny() {
    Response response = Response::text(401, "a user name and a password are needed\n");
    response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"bellwether\"");
    answer_early(std::move(response));
  }

  void dispatch() {
    if (match_.handler == nullptr) {
      Response response = match_.allow.empty() ? Response::text(404, "nothing is served at this path\n")
                                               : Response::text(405, "this path takes " + match_.allow + '\n');
      if (!match_.allow.empty()) response.headers.emplace_back("Allow", std::move(match_.allow));
      return answer_early(std::move(response));
    }
    head_.request.parameters = std::move(match_.parameters);
    if (match_.route->websocket && asks_for_websocket(parser_->get())) return upgrade();
    if (parser_->is_done()) return handle();
    if (!head_.expects_continue) return read_body();
    this->write({boost::asio::buffer(continue_line)},
                [](Base& base) { static_cast<HttpConnection&>(base).read_body(); });
  }

  void upgrade() {
    auto refusal = websocket_fault(parser_->get());
    if (!refusal && (!parser_->is_done() || buffer_.size() > 0)) {
      refusal = Response::text(400, "nothing can be sent before the WebSocket is open\n");
    }
    if (refusal) return answer_early(std::move(*refusal));
    auto waker = std::make_shared<WebSocketWaker>(this->lowest().get_executor());
    auto feed = open_websocket(*match_.route->websocket, head_.request, is_tls<Stream>, waker, refusal);
    if (!feed) return answer_early(std::move(*refusal));
    const auto limits = match_.route->websocket->limits();
    peek_.cancel();
    start_websocket(this->release(), state_,
                    {parser_->release(), std::move(feed), std::move(waker), limits, observed_});
  }

  void read_body() {
    phase_ = Phase::Body;
    set_deadline(state_.options.read_timeout);
    boost::beast::http::async_read(stream_, buffer_, *parser_, [self = self()](error_code failed, std::size_t size) {
      self->on_body(failed, size);
    });
  }

  void on_body(error_code failed, std::size_t size) {
    if (closed()) return;
    observed_.received(size);
    if (failed) return on_read_failure(failed);
    handle();
  }

  void handle() {
    head_.request.body = std::move(parser_->get().body());
    if (match_.route->blocking) return hand_over();
    this->answer(handled());
  }

  Response handled() {
    try {
      return (*match_.handler)(head_.request);
    } catch (...) {
      return OutgoingAnswer::internal_error();
    }
  }

  // While a worker has the request nobody here touches it; the worker hands back its share of us with the answer.
  void hand_over() {
    phase_ = Phase::Work;
    this->no_deadline();
    work_ = std::stop_source();
    head_.request.stop = work_.get_token();
    const bool taken = state_.workers->submit([self = self(), &context = io_context()]() mutable {
      auto response = std::make_shared<Response>(self->handled());
      boost::asio::post(context, [owner = std::move(self), response] { owner->on_work(std::move(*response)); });
    });
    if (!taken) return this->answer(Response::text(503, "too many requests at once; try again later\n"));
    watch_peer();
  }

  void on_work(Response response) {
    if (!closed()) this->answer(std::move(response));
  }

  // Nothing is being read meanwhile: else nobody would notice that the answer is for nobody. The timer outlives the work, so that
  // a client that asks again and again does not set it each time.
  void watch_peer() {
    if (std::exchange(watches_, true)) return;
    peek_.expires_after(peek_interval);
    peek_.async_wait([self = self()](error_code cancelled) {
      self->watches_ = false;
      if (cancelled || self->closed() || self->phase_ != Phase::Work) return;
      self->is_peer_gone() ? self->close() : self->watch_peer();
    });
  }

  void on_close() override {
    work_.request_stop();
    peek_.cancel();
    Base::on_close();
  }

  // ---- answering ----

  // Before the request's body was read: the connection is of no use any more if there is one.
  void answer_early(Response response) {
    if (!parser_->is_done()) return fail(std::move(response));
    this->answer(std::move(response));
  }

  void fail(Response response) {
    this->do_not_keep_alive();
    this->expect_more_at_end();
    this->answer(std::move(response));
  }

  static constexpr std::chrono::milliseconds peek_interval{100};
  static constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

  std::string remote_address_;
  Phase phase_ = Phase::Header;

  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  RequestHead head_;
  Router::Match match_;
  bool has_bytes_ = false;
  bool timed_out_ = false;
  bool served_any_ = false;
  steady_clock::time_point idle_since_;
  std::stop_source work_{std::nostopstate};
  boost::asio::steady_timer peek_;
  bool watches_ = false;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
