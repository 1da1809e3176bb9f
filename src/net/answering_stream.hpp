// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bellwether/version.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <utility>

#include "net/client_stream.hpp"
#include "net/observed_request.hpp"
#include "net/outgoing_answer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// Sends answers over a client's stream, as fast as the client takes them, and tells the observer of each.
///
/// Threads: the I/O thread.
template <typename Stream>
class AnsweringStream : public ClientStream<Stream> {
  using Base = ClientStream<Stream>;
  using error_code = boost::system::error_code;
  using steady_clock = std::chrono::steady_clock;

 protected:
  using Buffers = std::array<boost::asio::const_buffer, 3>;
  using AfterWrite = void (*)(AnsweringStream&);

  template <typename... Args>
  explicit AnsweringStream(ServerState& state, boost::asio::ip::tcp::socket socket, Args&... args)
      : Base(state, std::move(socket), args...), observed_(*state.options.clock), poll_(this->stream_.get_executor()) {
    observed_.begin();
  }

  /// An answer begins, or something is said before it.
  virtual void on_answer() = 0;
  /// It has been handed over.
  virtual void on_answered(bool keep_alive) = 0;

  void set_terms(const OutgoingAnswer::Terms& terms) { terms_ = terms; }
  void do_not_keep_alive() { terms_.keep_alive = false; }

  void answer(Response response) {
    if (this->state_.stopping) do_not_keep_alive();
    answer_.begin(std::move(response), terms_, this->state_.configured_headers, this->state_.options.clock->wall());
    observed_.answering(answer_.status());
    write_answer();
  }

  /// Every byte that the client takes buys it more time.
  void write(const Buffers& buffers, AfterWrite then) {
    on_answer();
    pending_ = buffers;
    after_write_ = then;
    write_pending();
  }

  /// The server stops. False when no answer is under way; else it goes on to its end, or to that of what is there.
  bool finish_answer() {
    if (this->is_ending() || after_write_ == nullptr) return false;
    poll_.cancel();  // `on_poll` ends the body of a source that waits
    return true;
  }

  void on_close() override {
    poll_.cancel();
    answer_.clear();
    observed_.tell(this->state_.options.observer, false);
  }

  ObservedRequest observed_;

 private:
  static constexpr std::chrono::milliseconds peek_interval{100};  // between two looks whether the reader is there

  std::shared_ptr<AnsweringStream> self() {
    return std::static_pointer_cast<AnsweringStream>(this->shared_from_this());
  }

  void write_pending() {
    if (boost::asio::buffer_size(pending_) == 0) return std::exchange(after_write_, nullptr)(*this);
    this->set_deadline(this->state_.options.write_timeout);
    this->stream_.async_write_some(pending_, [self = self()](error_code failed, std::size_t size) {
      if (self->closed()) return;
      if (failed) return self->close();
      self->observed_.sent(size);
      self->consume(size);
      self->write_pending();
    });
  }

  void consume(std::size_t size) {
    for (boost::asio::const_buffer& buffer : pending_) {
      const std::size_t part = std::min(size, buffer.size());
      buffer += part;
      size -= part;
    }
  }

  void write_answer() {
    write(answer_.buffers(), [](AnsweringStream& self) { self.go_on(); });
  }

  void go_on() {
    switch (answer_.next()) {
      case OutgoingAnswer::Step::write:
        return write_answer();
      case OutgoingAnswer::Step::wait:
        return wait_for_source();
      case OutgoingAnswer::Step::done:
        answer_.clear();
        observed_.tell(this->state_.options.observer, true);
        return on_answered(answer_.keep_alive());
      case OutgoingAnswer::Step::broken:
        return this->close();
    }
  }

  void wait_for_source() {
    after_write_ = [](AnsweringStream& self) { self.go_on(); };  // an answer is still under way
    this->no_deadline();
    poll_.expires_after(answer_.poll_interval());
    poll_.async_wait([self = self()](error_code) { self->on_poll(); });
  }

  void on_poll() {
    if (this->closed()) return;
    if (this->state_.stopping) {
      answer_.end_body();
      return write_answer();
    }
    const auto now = steady_clock::now();
    if (now - last_peek_ >= peek_interval) {
      last_peek_ = now;
      if (this->is_peer_gone()) return this->close();
    }
    go_on();
  }

  OutgoingAnswer answer_;
  OutgoingAnswer::Terms terms_;
  Buffers pending_;
  AfterWrite after_write_ = nullptr;  // null: nothing is being written or waited for
  boost::asio::steady_timer poll_;
  steady_clock::time_point last_peek_;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
