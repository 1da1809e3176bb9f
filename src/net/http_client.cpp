// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/http_client.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

#include "net/curl_session.hpp"
#include "net/libcurl.hpp"
#include "net/request_check.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// The sessions that nobody uses at the moment. The last one used is taken first: its connections are the freshest.
class HttpClient::Sessions {
 public:
  explicit Sessions(HttpClientOptions options) : options_(std::move(options)) {}

  const std::string& user_agent() const { return options_.user_agent; }

  std::unique_ptr<CurlSession> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto session = std::move(idle_.back());
        idle_.pop_back();
        return session;
      }
    }
    return std::make_unique<CurlSession>();
  }

  void give_back(std::unique_ptr<CurlSession> session) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < options_.max_idle) idle_.push_back(std::move(session));
  }

 private:
  const HttpClientOptions options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<CurlSession>> idle_;
};

HttpClient::HttpClient(HttpClientOptions options) : sessions_(std::make_unique<Sessions>(std::move(options))) {}
HttpClient::~HttpClient() = default;

HttpResult HttpClient::send(const HttpRequest& request) {
  if (request.stop.stop_requested()) return HttpError{HttpErrorKind::cancelled, "given up before it was sent"};
  if (!start_libcurl_once())
    return HttpError{HttpErrorKind::other, "libcurl cannot be used: install the package libcurl4 (libcurl.so.4)"};
  try {
    const auto destination = check_request(request);
    if (!destination) return HttpError{HttpErrorKind::bad_request, "cannot send this: " + destination.error().message};
    auto session = sessions_->take();
    HttpResult result = session->perform(request, *destination, sessions_->user_agent());
    sessions_->give_back(std::move(session));
    return result;
  } catch (const std::exception& problem) {
    return HttpError{HttpErrorKind::other, std::string("cannot send this: ") + problem.what()};
  }
}

}  // namespace net
BELLWETHER_NAMESPACE_END
