// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/request_head.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

#include "net/request_target.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace beast = boost::beast;
namespace http = beast::http;

namespace {

bool refuse(Response& refusal, int status, std::string text) {
  refusal = Response::text(status, std::move(text));
  return false;
}

bool check_host(const http::request<http::string_body>& message, Response& refusal) {
  const auto hosts = message.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && message.version() >= 11)) {
    return refuse(refusal, 400, "the request needs exactly one Host header\n");
  }
  return true;
}

// Whoever understands another encoding than we do sees other requests on this connection than we do.
bool check_encoding(const http::request<http::string_body>& message, Response& refusal) {
  for (const auto& field : message) {
    if (field.name() != http::field::transfer_encoding) continue;
    if (message.version() < 11) return refuse(refusal, 400, "HTTP/1.0 has no Transfer-Encoding\n");
    if (!beast::iequals(field.value(), "chunked")) {
      return refuse(refusal, 501, "of Transfer-Encoding only chunked is understood\n");
    }
  }
  return true;
}

}  // namespace

bool read_request_head(const http::request<http::string_body>& message, RequestHead& head, Response& refusal) {
  if (message.version() < 10) return refuse(refusal, 400, "HTTP/1.0 and 1.1 are understood\n");
  if (!check_host(message, refusal) || !check_encoding(message, refusal)) return false;
  const auto target = message.target();
  auto parsed = parse_request_target({target.data(), target.size()});
  if (!parsed) return refuse(refusal, 400, "the request's path is broken\n");
  const auto expect = message[http::field::expect];
  if (!expect.empty() && message.version() >= 11) {
    if (!beast::iequals(expect, "100-continue")) return refuse(refusal, 417, "only 100-continue can be expected\n");
    head.expects_continue = true;
  }
  head.request.method = std::string(message.method_string());
  head.request.path = std::move(parsed->path);
  head.request.query = std::move(parsed->query);
  head.segments = std::move(parsed->segments);
  for (const auto& field : message) {
    head.request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  return true;
}

std::optional<Response> parse_failure_response(boost::system::error_code failed) {
  if (failed.category() != http::make_error_code(http::error::end_of_stream).category()) return std::nullopt;
  if (failed == http::error::end_of_stream || failed == http::error::partial_message) return std::nullopt;
  if (failed == http::error::body_limit) return Response::text(413, "the request's body is too large\n");
  if (failed == http::error::header_limit || failed == http::error::buffer_overflow) {
    return Response::text(431, "the request's header is too large\n");
  }
  return Response::text(400, "this is not an HTTP/1.1 request: " + failed.message() + '\n');
}

}  // namespace net
BELLWETHER_NAMESPACE_END
