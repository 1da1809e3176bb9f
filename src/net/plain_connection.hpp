// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <bellwether/version.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "net/answer_reader.hpp"
#include "net/http_transport.hpp"
#include "net/request_check.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// Where a plain GET goes, and what is sent.
struct PlainTarget {
  sockaddr_storage address{};
  socklen_t address_size = 0;
  std::string request;

  /// Nothing where it is not for PlainConnection: TLS, a proxy, another method, a name that must be looked up, a password.
  static std::optional<PlainTarget> of(const HttpRequest& request, const RequestDestination& destination,
                                       const std::string& user_agent);
};

/// A kept connection over which one GET is sent again and again, for targets that are asked each second: one send and one or two
/// receives each. It knows the answers that AnswerReader knows; of anything else it says so, and libcurl must ask.
///
///     switch (connection.begin(target, limit)) ...       // and `resume` when poll() says that `events()` came
///
/// Never blocks. Threads: one at a time.
class PlainConnection {
 public:
  enum class Step {
    waiting,
    done,         ///< `take` the answer
    too_large,    ///< the answer is beyond the limit
    unreachable,  ///< no connection could be made
    odd,          ///< an answer of another kind
    broke_off,    ///< a connection that was good
  };

  PlainConnection() = default;
  ~PlainConnection() { close(); }
  PlainConnection(const PlainConnection&) = delete;
  PlainConnection& operator=(const PlainConnection&) = delete;

  /// `target` must stay until the step that ends it. A kept connection that the server
  /// has closed, or on which something came unasked, is opened anew, once.
  Step begin(const PlainTarget& target, std::size_t max_body_bytes);
  /// `buffer` is only room to work in. After `done` the connection is kept if it can be, after all other ends it is closed.
  Step resume(std::span<char> buffer);
  HttpResponse take() noexcept { return reader_.take(); }
  void close() noexcept;

  int descriptor() const noexcept { return descriptor_; }
  /// For poll().
  short events() const noexcept;
  bool is_connecting() const noexcept { return state_ == State::connecting; }
  std::size_t body_bytes() const noexcept { return reader_.body_bytes(); }

 private:
  enum class State { idle, connecting, sending, receiving };

  bool is_silent() const noexcept;
  AnswerReader::State feed(std::string_view bytes);
  Step open();
  Step send_rest();
  Step receive(std::span<char> buffer);
  Step broken();
  Step end(Step step) noexcept;

  int descriptor_ = -1;
  State state_ = State::idle;
  const PlainTarget* target_ = nullptr;
  bool was_kept_ = false;  // from the answer before
  std::size_t sent_ = 0;
  std::size_t max_body_bytes_ = 0;
  std::size_t last_body_bytes_ = 0;
  AnswerReader reader_{0};
};

}  // namespace net
BELLWETHER_NAMESPACE_END
