// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/request_check.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <charconv>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "net/libcurl.hpp"
#include "net/response_head.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

struct CleanUrl {
  void operator()(CURLU* url) const noexcept { libcurl().url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, CleanUrl>;

std::string part_of(const Url& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (libcurl().url_get(url.get(), part, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  libcurl().free(text);
  return copy;
}

bool has_only(std::string_view text, std::string_view punctuation) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           punctuation.find(c) != std::string_view::npos;
  });
}

bool is_plain_host(const std::string& host) {
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return true;
  // What begins with a letter is no number in another notation; upper case and all else is libcurl's to judge.
  return !host.empty() && host.size() < 254 && host.front() >= 'a' && host.front() <= 'z' && has_only(host, ".-") &&
         std::none_of(host.begin(), host.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// A URL in which there is nothing to interpret, as nearly all targets have: read without loading libcurl, with its very result.
std::optional<RequestDestination> read_plain_url(std::string_view text) {
  constexpr std::string_view http = "http://";
  constexpr std::string_view https = "https://";
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  RequestDestination out;
  out.is_https = text.starts_with(https);
  if (!out.is_https && !text.starts_with(http)) return std::nullopt;
  text.remove_prefix(out.is_https ? https.size() : http.size());
  const std::string_view authority = text.substr(0, text.find('/'));
  text.remove_prefix(authority.size());
  const std::size_t colon = authority.find(':');
  out.host = authority.substr(0, colon);
  if (!is_plain_host(out.host)) return std::nullopt;
  out.port = out.is_https ? 443 : 80;
  if (colon != std::string_view::npos) {
    const std::string_view port = authority.substr(colon + 1);
    const auto [end, code] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    const bool is_good = code == std::errc{} && end == port.data() + port.size() && port.front() != '0';
    if (!is_good || out.port > 65'535) return std::nullopt;
  }
  const std::size_t mark = text.find('?');
  const std::string_view path = text.substr(0, mark);
  const bool has_dots = path.find("/.") != std::string_view::npos;  // "." and ".." are taken out of a path
  if (!has_only(path, "/_-.~") || has_dots) return std::nullopt;
  const bool has_query = mark != std::string_view::npos;
  if (has_query && (mark + 1 == text.size() || !has_only(text.substr(mark + 1), "/_-.~=&"))) return std::nullopt;
  out.path_query = (path.empty() ? "/" : std::string(path)) + (has_query ? std::string(text.substr(mark)) : "");
  out.origin = std::string(out.is_https ? https : http).append(authority);
  out.is_loopback = is_loopback_host(out.host);
  return out;
}

Result<RequestDestination> read_url(const std::string& text) {
  if (std::optional<RequestDestination> plain = read_plain_url(text)) return std::move(*plain);
  if (!libcurl().is_loaded) return Error{"libcurl.so.4 is not installed, which reads all but the plainest URLs"};
  const Url url(libcurl().url());
  // Without a scheme libcurl would guess one.
  const CURLUcode failed =
      url ? libcurl().url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) : CURLUE_OUT_OF_MEMORY;
  if (failed != CURLUE_OK || text.find('\0') != std::string::npos) {
    return Error{std::string("the URL cannot be read (") + libcurl().url_strerror(failed) +
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
