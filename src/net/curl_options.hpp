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

/// Tells libcurl all that the request asks for. `headers` must live as long as the transfer; so must the request's body.
CURLcode set_curl_options(CURL* easy, const HttpRequest& request, const RequestDestination& destination,
                          const std::string& user_agent, CurlList& headers);

}  // namespace net
BELLWETHER_NAMESPACE_END
