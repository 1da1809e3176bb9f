// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/v2/foreign_origin.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

/// "https://host:port" of a URL.
std::string_view origin_of(std::string_view url) {
  const std::size_t begin = url.find("://");
  return begin == std::string_view::npos ? std::string_view() : url.substr(0, url.find('/', begin + 3));
}

bool is_address(std::string_view authority) {
  std::string host(authority);
  if (host.starts_with('[')) {
    in6_addr address{};
    return ::inet_pton(AF_INET6, host.substr(1, host.find(']') - 1).c_str(), &address) == 1;
  }
  host.resize(std::min(host.size(), host.find(':')));
  in_addr address{};
  return host == "localhost" || ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

}  // namespace

bool is_cross_origin(const net::Request& request, const std::string& external_url) {
  const std::string_view origin = request.header("Origin");
  if (origin.empty() || origin == origin_of(external_url)) return false;
  const std::string host(request.header("Host"));
  return host.empty() || (origin != "http://" + host && origin != "https://" + host);
}

bool is_foreign_origin(const net::Request& request, const std::string& external_url) {
  if (is_cross_origin(request, external_url)) return true;
  const std::string_view origin = request.header("Origin");
  return !origin.empty() && origin != origin_of(external_url) && !is_address(request.header("Host"));
}

}  // namespace api
BELLWETHER_NAMESPACE_END
