// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/http_transport.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

struct AsyncHttpOptions {
  /// User-Agent, where the request has none.
  std::string user_agent = "bellwether/" BELLWETHER_VERSION_STRING;
  /// Work of the owner's on the client's thread, such as a schedule of what to ask: called whenever something has happened, at the
  /// latest after the time that it returned (nothing: when something happens, or `wake`). Short; must not throw.
  std::function<std::optional<std::chrono::nanoseconds>()> turn = {};
};

/// HTTP/1.1 out for who asks thousands of servers again and again: one thread for all of them. None waits for another. Otherwise as
/// HttpClient. Plain GETs to an address go over sockets of our own, which costs half the processor time of libcurl; what is not
/// plain, or not answered plainly (see AnswerReader), goes over libcurl: then a server may be asked twice within one `send`.
///
///     AsyncHttpClient client;
///     auto line = client.open({.url = "http://127.0.0.1:8000/metrics", .timeout = 2s}).value();
///     line->send([](HttpResult page) { queue.push(std::move(page)); });
///
/// A connection stays open as long as a line may need it again. Bodies come unpacked only where the request says `accept_gzip`.
/// The request's stop token is not looked at: drop the line.
///
/// Threads: all functions from any; `done` comes on the client's own thread and must be short. Memory: what is under way.
class BELLWETHER_API AsyncHttpClient {
 public:
  using Done = std::function<void(HttpResult)>;
  struct State;

  /// A request that is sent any number of times, one after the other.
  class BELLWETHER_API Line {
   public:
    struct Prepared;
    Line(std::shared_ptr<State> state, std::shared_ptr<Prepared> prepared);
    /// What is under way is given up; its `done` may still come once, with HttpErrorKind::cancelled.
    ~Line();
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    void send(Done done);

   private:
    std::shared_ptr<State> state_;
    std::shared_ptr<Prepared> prepared_;
  };

  explicit AsyncHttpClient(AsyncHttpOptions options = {});
  /// What is under way is given up. Lines may outlive the client: they answer HttpErrorKind::cancelled.
  ~AsyncHttpClient();
  AsyncHttpClient(const AsyncHttpClient&) = delete;
  AsyncHttpClient& operator=(const AsyncHttpClient&) = delete;

  /// An error: a request that must not be sent.
  Result<std::unique_ptr<Line>> open(HttpRequest request);

  /// Calls the options' `turn`, soon.
  void wake() noexcept;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
