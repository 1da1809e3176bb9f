// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/websocket_upgrade.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <string_view>
#include <utility>

#include "net/outgoing_answer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace http = boost::beast::http;

namespace {

// Base64 of 16 bytes.
bool is_key(std::string_view text) {
  return text.size() == 24 && text.substr(22) == "==" && std::all_of(text.begin(), text.begin() + 22, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
         });
}

}  // namespace

bool asks_for_websocket(const UpgradeRequest& request) {
  return http::token_list{request[http::field::upgrade]}.exists("websocket");
}

std::optional<Response> websocket_fault(const UpgradeRequest& request) {
  if (!boost::beast::websocket::is_upgrade(request)) {
    return Response::text(400, "a WebSocket is asked for with GET, HTTP/1.1 and Connection: Upgrade\n");
  }
  if (request[http::field::sec_websocket_version] != "13") {
    Response response = Response::text(426, "of WebSocket version 13 is spoken\n");
    response.headers = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    return response;
  }
  if (request.count(http::field::sec_websocket_key) != 1 || !is_key(request[http::field::sec_websocket_key])) {
    return Response::text(400, "a WebSocket needs one Sec-WebSocket-Key, 16 bytes in Base64\n");
  }
  return std::nullopt;
}

void WebSocketWaker::wake() {
  boost::asio::post(executor_, [self = shared_from_this()] {
    if (const auto awake = self->sleeper.lock()) awake->on_wake();
  });
}

std::unique_ptr<WebSocketFeed> open_websocket(WebSocketEndpoint& endpoint, const Request& request, bool tls,
                                              const std::shared_ptr<WebSocketWaker>& waker,
                                              std::optional<Response>& refusal) {
  try {
    const std::string origin = (tls ? "https://" : "http://") + std::string(request.header("Host"));
    Response answer = Response::text(503, "no room for another client; try again later\n");
    auto feed = endpoint.open(
        request, origin, [waker] { waker->wake(); }, answer);
    if (!feed) refusal = std::move(answer);
    return feed;
  } catch (...) {
    refusal = OutgoingAnswer::internal_error();
    return nullptr;
  }
}

}  // namespace net
BELLWETHER_NAMESPACE_END
