// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/http/access.hpp"

#include <cstddef>
#include <utility>

#include "paper/http/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

bool same(std::string_view a, std::string_view b) noexcept {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

}  // namespace

std::string_view bearer_token(const net::Request& request) noexcept {
  constexpr std::string_view scheme = "Bearer ";
  const std::string_view given = request.header("authorization");
  return given.substr(0, scheme.size()) == scheme ? given.substr(scheme.size()) : std::string_view{};
}

net::Response failure(int status, std::string_view why) {
  return net::Response::json(status, JsonObject{}.add("error", why).text() + '\n');
}

net::Handler with_token(std::string token, net::Handler handler) {
  return [token = std::move(token), handler = std::move(handler)](const net::Request& request) {
    if (!token.empty() && same(bearer_token(request), token)) return handler(request);
    net::Response response =
        failure(401, "this needs the token that the program printed at its start, as Authorization: Bearer <token>");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
  };
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
