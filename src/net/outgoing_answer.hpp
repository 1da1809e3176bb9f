// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <boost/asio/buffer.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// A response as the bytes to send, a piece at a time: the head with the body, or with its first chunk, then chunk
/// after chunk. It knows nothing of sockets.
///
///     answer.begin(response, terms, headers, now);
///     do write(answer.buffers()); while (answer.next() == Step::write);
class OutgoingAnswer {
 public:
  /// What the request and the server have decided.
  struct Terms {
    bool http10 = false;
    bool is_head = false;
    bool keep_alive = true;
  };

  enum class Step {
    write,  ///< `buffers()` has more
    wait,   ///< the source has nothing yet: `next` again after `poll_interval()`
    done,
    broken,  ///< the source has failed in the middle: the connection must be cut, so that the client sees it
  };

  /// A response that cannot be sent, or a source that fails at its first chunk, becomes a 500.
  void begin(Response response, const Terms& terms, const std::vector<Field>& configured,
             std::chrono::nanoseconds wall_time);

  /// What to write now; stays valid until the next call.
  std::array<boost::asio::const_buffer, 3> buffers() const;

  /// After `buffers()` has been written, or after a wait.
  Step next();

  /// Instead of `next` after a wait: the body ends here, properly. `buffers()` then has the last of it.
  void end_body();

  /// Lets the source go.
  void clear() { source_.reset(); }

  int status() const { return status_; }
  bool keep_alive() const { return keep_alive_; }
  std::chrono::microseconds poll_interval() const { return source_->poll_interval(); }

  static Response internal_error();

 private:
  void take_source(Response& response, bool without_body);
  bool pull();
  void frame_chunk();

  int status_ = 0;
  bool keep_alive_ = true;
  std::unique_ptr<BodySource> source_;
  bool has_more_ = false;
  bool chunked_ = false;
  std::string lead_;
  std::string chunk_;
  std::string tail_;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
