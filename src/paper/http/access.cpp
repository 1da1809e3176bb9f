// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/http/access.hpp"

#include "paper/http/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

std::string_view bearer_token(const net::Request& request) noexcept {
  constexpr std::string_view scheme = "Bearer ";
  const std::string_view given = request.header("authorization");
  return given.substr(0, scheme.size()) == scheme ? given.substr(scheme.size()) : std::string_view{};
}

net::Response failure(int status, std::string_view why) {
  return net::Response::json(status, JsonObject{}.add("error", why).text() + '\n');
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
