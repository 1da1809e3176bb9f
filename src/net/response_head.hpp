// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// How the end of a body is told, and what becomes of the connection after it.
struct Framing {
  bool keep_alive = true;
  bool http10 = false;  ///< the client's version
  bool chunked = false;
  std::optional<std::size_t> content_length = std::nullopt;  ///< nothing: chunked, or up to the end of the connection
};

/// RFC 9110's token: what a header or a method may be called.
bool is_header_name(std::string_view text);

/// No control character but the tab.
bool is_header_value(std::string_view text);

/// True when the status and the headers may be sent: no control characters, a status from 200 to 599.
bool is_sendable(const Response& response);

/// 204 and 304 have no body, whatever the handler says.
bool may_have_body(int status);

/// The status line and the headers with the empty line behind them. `configured` are those of the web configuration.
std::string response_head(const Response& response, const Framing& framing, const std::vector<Field>& configured,
                          std::chrono::nanoseconds wall_time);

}  // namespace net
BELLWETHER_NAMESPACE_END
