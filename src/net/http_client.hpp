// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "net/http_transport.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

struct HttpClientOptions {
  /// User-Agent, where the request has none.
  std::string user_agent = "bellwether/" BELLWETHER_VERSION_STRING;
  /// So many sets of open connections are kept for the next request; calls at the same time beyond it open their own
  /// and close them.
  std::size_t max_idle = 4;
};

/// HTTP/1.1 out, over libcurl. Link bellwether_net_client: bellwether_net alone does not need libcurl.
///
///     HttpClient client;
///     const HttpResult page = client.send({.url = "http://127.0.0.1:8000/metrics", .timeout = 2s});
///     if (!page) log(page.error().message);   // http://127.0.0.1:8000: connection refused; ...
///
/// Connections are kept alive and used again. No cookies, no caches, no netrc; nothing is repeated but a request on a
/// kept connection that the server had closed meanwhile.
///
/// Threads: any, at the same time. `send` blocks up to the request's time-out, or until its stop token is asked.
/// Signals: SIGPIPE is held back while it works. Memory: the answer, at most `max_response_bytes`.
/// libcurl's global state is made at the first use and stays until the process ends.
class BELLWETHER_API HttpClient final : public HttpTransport {
 public:
  explicit HttpClient(HttpClientOptions options = {});
  /// No `send` may be under way.
  ~HttpClient() override;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  HttpResult send(const HttpRequest& request) override;

 private:
  class Sessions;
  std::unique_ptr<Sessions> sessions_;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
