// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/v2/json_body.hpp"

#include <boost/json.hpp>

#include "api/v2/v2_routes.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

namespace json = boost::json;

net::Response wrong_body(const std::string& what, const std::string& why) {
  return refusal(400, 400, "parsing " + what + " body from \"\" failed, because " + why);
}

Posted<json::value> parse_body(std::string_view body, const std::string& what) {
  if (body.size() > max_posted_bytes) {
    return refusal(413, 413,
                   "the body is larger than " + std::to_string(max_posted_bytes) + " bytes; send less at a time");
  }
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return missing(what);
  constexpr std::size_t deepest = 8;
  json::parse_options options;
  options.max_depth = deepest;
  json::error_code error;
  json::value value = json::parse(json::string_view(body.data(), body.size()), error, {}, options);
  if (error) return wrong_body(what, error.message());
  return value;
}

bool is_json_request(const net::Request& request) noexcept {
  const std::string_view type = request.header("Content-Type");
  return type.substr(0, type.find(';')) == "application/json";
}

bool has_member(const json::object& object, std::string_view name) noexcept {
  const auto* const member = object.if_contains(json::string_view(name.data(), name.size()));
  return member != nullptr && !member->is_null();
}

bool take_text(const json::object& object, std::string_view name, std::string& text) {
  const auto* const member = object.if_contains(json::string_view(name.data(), name.size()));
  if (member == nullptr || member->is_null()) return true;
  if (!member->is_string()) return false;
  text.assign(member->get_string().data(), member->get_string().size());
  return true;
}

}  // namespace api
BELLWETHER_NAMESPACE_END
