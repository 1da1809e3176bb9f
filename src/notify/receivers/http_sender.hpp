// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "net/async_http_client.hpp"
#include "net/http_transport.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// Sends one request without waiting; integrations take one of these, so that tests ask nobody.
///
/// Threads: `send` from any; `done` comes once, from a thread of the sender, at the latest after the request's time-out.
class HttpSender {
 public:
  using Done = std::function<void(net::HttpResult)>;
  virtual ~HttpSender() = default;
  virtual void send(net::HttpRequest request, Done done) = 0;
};

/// The real one: a thread and connections that are kept for all integrations. Its destruction answers what is under way with
/// HttpErrorKind::cancelled.
class AsyncHttpSender final : public HttpSender {
 public:
  AsyncHttpSender();
  /// Also from within a `done`, whose owner may be the last of the sender: the thread then ends behind it.
  ~AsyncHttpSender() override;
  AsyncHttpSender(const AsyncHttpSender&) = delete;
  AsyncHttpSender& operator=(const AsyncHttpSender&) = delete;

  void send(net::HttpRequest request, Done done) override;

 private:
  std::mutex begin_mutex_;
  std::unique_ptr<net::AsyncHttpClient> client_;  // null before the first request: many never send one
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
