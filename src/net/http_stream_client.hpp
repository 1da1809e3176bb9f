// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/http_transport.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// Answers that do not end, taken while they arrive. Code that follows streams takes one of these, so that its tests follow
/// none; HttpStreamClient is the real one.
///
/// Threads: `open` from any. `on_part` and `on_end` come from one thread, must be short, and may drop streams and open others.
class HttpStreamTransport {
 public:
  struct Reader {
    /// A part of the body, with the head of the answer, whose status may be any. False: cut it.
    std::function<bool(const HttpResponse& head, std::string_view part)> on_part;
    /// The answer ended (it has no body then), was cut, or there was none. Comes once, the last.
    std::function<void(HttpResult)> on_end;
  };
  /// To be kept as long as the answer is wanted.
  class Stream {
   public:
    /// Gives it up. Calls of the reader may still be under way, and `on_end` may still come with HttpErrorKind::cancelled.
    virtual ~Stream() = default;
  };

  virtual ~HttpStreamTransport() = default;
  /// `timeout` is that of the whole answer; `max_response_bytes` does not hold. An error: a request that must not be sent.
  virtual Result<std::unique_ptr<Stream>> open(HttpRequest request, Reader reader) = 0;
};

/// Thousands of open answers on one thread: libcurl's multi interface on epoll, so that a part that arrives costs the same
/// however many others are silent.
///
///     HttpStreamClient client;
///     auto stream = client.open({.url = "http://127.0.0.1:8000/metrics/stream", .timeout = 24h},
///                               {.on_part = [](const HttpResponse& head, std::string_view part) { ... return true; },
///                                .on_end = [](HttpResult end) { ... }}).value();
class BELLWETHER_API HttpStreamClient final : public HttpStreamTransport {
 public:
  /// Throws std::bad_alloc, or std::system_error without descriptors.
  explicit HttpStreamClient(std::string user_agent = "bellwether/" BELLWETHER_VERSION_STRING);
  /// Gives up what is open; each `on_end` comes. Not from its own thread. Streams may outlive it.
  ~HttpStreamClient() override;
  HttpStreamClient(const HttpStreamClient&) = delete;
  HttpStreamClient& operator=(const HttpStreamClient&) = delete;

  Result<std::unique_ptr<Stream>> open(HttpRequest request, Reader reader) override;

 private:
  class Loop;
  std::shared_ptr<Loop> loop_;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
