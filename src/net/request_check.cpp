// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/request_check.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <charconv>
#include <memory>

#include "net/response_head.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part_of(const Url& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

Result<RequestDestination> read_url(const std::string& text) {
  const Url url(curl_url(), &curl_url_cleanup);
  // Without a scheme libcurl would guess one.
  const CURLUcode failed =
      url ? curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) : CURLUE_OUT_OF_MEMORY;
  if (failed != CURLUE_OK || text.find('\0') != std::string::npos) {
    return Error{std::string("the URL cannot be read (") + curl_url_strerror(failed) +
                 "); write http://host:port/path or https://host/path"};
  }
  const std::string scheme = part_of(url, CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    return Error{"the URL's protocol is " + scheme + ", only http and https are spoken"};
  }
  if (!part_of(url, CURLUPART_USER).empty() || !part_of(url, CURLUPART_PASSWORD).empty()) {
    return Error{"the URL holds a name or password, which ends up in logs; give it as basic authentication"};
  }
  RequestDestination destination;
  const std::string host = part_of(url, CURLUPART_HOST);
  const std::string port = part_of(url, CURLUPART_PORT);
  destination.origin = scheme + "://" + host + (port.empty() ? "" : ":" + port);
  destination.is_https = scheme == "https";
  destination.is_loopback = is_loopback_host(host);
  destination.host = host;
  const std::string number = part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  (void)std::from_chars(number.data(), number.data() + number.size(), destination.port);
  const std::string query = part_of(url, CURLUPART_QUERY);
  destination.path_query = part_of(url, CURLUPART_PATH) + (query.empty() ? "" : "?" + query);
  return destination;
}

bool is_clients_own(std::string_view name) {
  constexpr std::array<std::string_view, 4> names{"content-length", "transfer-encoding", "connection", "expect"};
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view own) { return boost::beast::iequals(name, own); });
}

Result<void> check_header(const Field& field) {
  if (!is_header_name(field.first)) return Error{"\"" + field.first + "\" is no name of a header"};
  if (!is_header_value(field.second)) {
    return Error{"the header " + field.first + " holds a control character, which could start another request"};
  }
  if (is_clients_own(field.first)) {
    return Error{"the header " + field.first + " is set by the client itself; leave it out"};
  }
  return {};
}

Result<void> check_auth(const HttpRequest& request) {
  if (const auto* login = std::get_if<BasicLogin>(&request.auth)) {
    if (login->user.find(':') != std::string::npos) return Error{"a user name for basic authentication has no colon"};
    if (!is_header_value(login->user) || !is_header_value(login->password)) {
      return Error{"the user name or password holds a control character"};
    }
  }
  if (const auto* bearer = std::get_if<BearerToken>(&request.auth)) {
    if (bearer->token.empty() || !is_header_value(bearer->token)) {
      return Error{"the bearer token is empty or holds a control character; is there a line end in its file?"};
    }
  }
  return {};
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (boost::beast::iequals(host, "localhost")) return true;
  constexpr std::string_view suffix = ".localhost";
  if (host.size() > suffix.size() && boost::beast::iequals(host.substr(host.size() - suffix.size()), suffix)) {
    return true;
  }
  const std::string text(host);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

Result<RequestDestination> check_request(const HttpRequest& request) {
  auto destination = read_url(request.url);
  if (!destination) return destination;
  if (!is_header_name(request.method)) return Error{"\"" + request.method + "\" is no method; write GET, POST, ..."};
  if (request.method == "CONNECT") return Error{"CONNECT is for proxies alone"};
  const bool only_reads = request.method == "GET" || request.method == "HEAD";
  if (request.method == "HEAD" && !request.body.empty()) return Error{"HEAD has no body"};
  if (request.max_redirects > 0 && !only_reads) {
    return Error{"redirects are followed for GET and HEAD alone: another request must not be repeated elsewhere"};
  }
  if (request.timeout.count() <= 0 || request.connect_timeout.count() <= 0) {
    return Error{"timeout and connect_timeout must be positive"};
  }
  for (const Field& field : request.headers) {
    if (auto fine = check_header(field); !fine) return fine.error();
  }
  if (auto fine = check_auth(request); !fine) return fine.error();
  return destination;
}

}  // namespace net
BELLWETHER_NAMESPACE_END
