// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// A parameter of the query; those of the path are read off the path.
struct ApiQueryParameter {
  std::string name;
  std::string description;
};

/// An endpoint and what the OpenAPI document says of it. Both come from this one place, so that they cannot disagree.
struct ApiRoute {
  std::string method;  ///< "GET", "POST", "DELETE"
  std::string path;    ///< "/api/v1/bots/{bot_id}"
  std::string summary;
  std::string answer;  ///< the schema of a 200 in openapi.cpp: "Bot", "[Bot]" for a list
  net::Handler handler;
  bool changes_state = false;  ///< needs the token
  std::vector<ApiQueryParameter> query = {};
  std::string body = {};  ///< the schema of the request's body; empty: none
};

/// The routes to serve: those that change something behind the token.
std::vector<net::Route> served(const std::vector<ApiRoute>& routes, const std::string& token);

/// The OpenAPI 3.0 document of these routes, as JSON.
std::string openapi_document(const std::vector<ApiRoute>& routes);

}  // namespace paper
BELLWETHER_NAMESPACE_END
