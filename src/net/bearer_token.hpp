// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "net/http_message.hpp"
#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// True if the request has `Authorization: Bearer <token>`. Takes as long for every wrong token of the right length, so
/// that there is nothing to measure. An empty token is nobody's.
inline bool has_bearer_token(const Request& request, std::string_view token) noexcept {
  constexpr std::string_view scheme = "Bearer ";
  std::string_view given = request.header("authorization");
  if (token.empty() || given.substr(0, scheme.size()) != scheme) return false;
  given.remove_prefix(scheme.size());
  unsigned difference = given.size() == token.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size() && i < token.size(); ++i) {
    difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(token[i]);
  }
  return difference == 0;
}

/// A handler that answers 401 to all who do not show the token.
inline Handler behind_token(std::string token, Handler handler) {
  return [token = std::move(token), handler = std::move(handler)](const Request& request) {
    if (has_bearer_token(request, token)) return handler(request);
    Response response =
        Response::json(401, "{\"error\":\"this needs the token that the program printed at its start\"}\n");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
  };
}

}  // namespace net
BELLWETHER_NAMESPACE_END
