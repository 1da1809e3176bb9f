// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/basic_auth.hpp"
#include "net/request_head.hpp"
#include "net/router.hpp"
#include "net/websocket_upgrade.hpp"

// What a connection makes of the bytes that a client sends, without the socket.
namespace {

using namespace bellwether::net;
namespace http = boost::beast::http;
using Parser = http::request_parser<http::string_body>;

void require(bool condition) {
  if (!condition) std::abort();
}

const Router& router() {
  static const Router routes = [] {
    const Handler handler = [](const Request&) { return Response{}; };
    return Router::build({{"GET", "/metrics", handler},
                          {"POST", "/engines/{symbol}/start", handler},
                          {"GET", "/static/{path...}", handler}})
        .value();
  }();
  return routes;
}

// Gives the parser what the socket would: a header at first, no more than has come so far.
boost::system::error_code read_header(Parser& parser, std::string_view bytes, std::size_t step) {
  boost::system::error_code failed;
  std::size_t begin = 0;
  for (std::size_t end = std::min(step, bytes.size()); begin < bytes.size(); end = std::min(end + step, bytes.size())) {
    begin += parser.put(boost::asio::buffer(bytes.data() + begin, end - begin), failed);
    if (failed != http::error::need_more) return failed;
    if (end == bytes.size()) break;
  }
  return failed;
}

void check_request(const RequestHead& head) {
  const Request& request = head.request;
  require(!request.method.empty() && request.path.starts_with('/') && !head.segments.empty());
  require(std::none_of(request.path.begin(), request.path.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
  for (const std::string& segment : head.segments) require(segment != ".." && segment != ".");
  (void)request.query_parameters("a");
  (void)parse_form(request.query);
  (void)parse_basic_authorization(request.header("Authorization"));
  const Router::Match match = router().find(request.method, head.segments);
  require(match.handler == nullptr || match.route != nullptr);
  require(match.allow.empty() || match.handler == nullptr);
}

struct Outcome {
  int status = 0;  // of the refusal
  std::string path;
  bool operator==(const Outcome&) const = default;
};

Outcome outcome(std::string_view bytes, std::size_t step) {
  Parser parser;
  parser.header_limit(16 * 1024);
  parser.body_limit(1024 * 1024);
  const auto failed = read_header(parser, bytes, step);
  if (failed) {
    const auto answer = parse_failure_response(failed);
    return {answer ? answer->status : 0, {}};
  }
  if (!parser.is_header_done()) return {};
  RequestHead head;
  Response refusal;
  if (asks_for_websocket(parser.get())) (void)websocket_fault(parser.get());
  if (!read_request_head(parser.get(), head, refusal)) {
    require(refusal.status >= 400 && refusal.status <= 599);
    return {refusal.status, {}};
  }
  check_request(head);
  return {200, head.request.path};
}

}  // namespace

/// Any bytes become a request that keeps the router's promises, or a refusal; the same ones however they are cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Outcome whole = outcome(bytes, std::max<std::size_t>(size, 1));
  if (size < 4096 && whole.status == 200) require(outcome(bytes, 7) == whole);
  return 0;
}
