// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "api/v2/refusal.hpp"
#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// The JSON of a request's body; depth and size are limited. `what` names it in errors: "alerts", "silence".
Posted<boost::json::value> parse_body(std::string_view body, const std::string& what);

/// The answer to a body that has another type than it should.
net::Response wrong_body(const std::string& what, const std::string& why);

/// Where this is no JSON request (415), or one too large (413).
bool is_json_request(const net::Request& request) noexcept;

/// A member that may be missing or null; `text` stays then. False: it is no text.
bool take_text(const boost::json::object& object, std::string_view name, std::string& text);
bool has_member(const boost::json::object& object, std::string_view name) noexcept;

}  // namespace api
BELLWETHER_NAMESPACE_END
