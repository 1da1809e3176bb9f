// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/system/error_code.hpp>
#include <optional>
#include <string>
#include <vector>

#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// A request's line and headers as our own type, with the path's segments for the router.
struct RequestHead {
  Request request;
  std::vector<std::string> segments;
  bool expects_continue = false;
};

/// Takes over what Beast has parsed. False when the head may not be served; `refusal` then says why.
bool read_request_head(const boost::beast::http::request<boost::beast::http::string_body>& message, RequestHead& head,
                       Response& refusal);

/// The answer to what Beast could not parse; nothing when the client just went away.
std::optional<Response> parse_failure_response(boost::system::error_code failed);

}  // namespace net
BELLWETHER_NAMESPACE_END
