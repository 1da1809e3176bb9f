// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

#include <memory>
#include <string>

#include "net/http_transport.hpp"
#include "net/libcurl.hpp"
#include "net/request_check.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// One request at a time over libcurl, and the connections that are kept for the next.
///
/// libcurl's multi interface carries the one transfer, because it alone can be woken from another thread: a request that
/// is given up ends at once.
///
/// Threads: one at a time.
class CurlSession {
 public:
  /// Throws std::bad_alloc.
  CurlSession();
  ~CurlSession();
  CurlSession(const CurlSession&) = delete;
  CurlSession& operator=(const CurlSession&) = delete;

  /// `destination` is what `check_request` said of the request.
  HttpResult perform(const HttpRequest& request, const RequestDestination& destination, const std::string& user_agent);

 private:
  CURL* easy_;
  CURLM* multi_;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
