// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/v2/refusal.hpp"

#include "api/json_writer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

net::Response refusal(int status, std::string_view message) {
  std::string body;
  append_text(body, message);
  return net::Response::json(status, body + '\n');
}

net::Response refusal(int status, int code, std::string_view message) {
  std::string body;
  Object object(body);
  object.number("code", code).text("message", message).end();
  return net::Response::json(status, std::move(body));
}

net::Response missing(std::string_view member) {
  constexpr int required = 602;  // go-openapi's
  return refusal(422, required, std::string(member) + " in body is required");
}

}  // namespace api
BELLWETHER_NAMESPACE_END
