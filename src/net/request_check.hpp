// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <string>
#include <string_view>

#include "net/http_transport.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// Where a request goes.
struct RequestDestination {
  std::string origin;  ///< "https://hooks.example:8443", for messages
  bool is_https = false;
  bool is_loopback = false;
  std::string host = {};  ///< an IPv6 address in brackets
  unsigned port = 0;
  std::string path_query = {};  ///< as it is sent, without a fragment
};

/// Refuses what must not be sent: other protocols, names and passwords in the URL, what would split the request in two,
/// headers that only the client can know, redirects of a request that changes something, times that are not positive.
Result<RequestDestination> check_request(const HttpRequest& request);

/// localhost, *.localhost, 127.0.0.0/8, ::1 (also in brackets).
bool is_loopback_host(std::string_view host);

}  // namespace net
BELLWETHER_NAMESPACE_END
