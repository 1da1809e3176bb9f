// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>

#include "net/http_message.hpp"
#include "net/websocket_endpoint.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

using UpgradeRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// It names `websocket` in its Upgrade header.
bool asks_for_websocket(const UpgradeRequest& request);

/// Why such a request cannot be met, as an answer: 400, or 426 for another version than 13. Nothing: it can.
std::optional<Response> websocket_fault(const UpgradeRequest& request);

/// Who is to be woken when a feed has something. Made before there is anybody.
///
/// Threads: `wake` any, as long as the feed lives; the rest is the I/O thread's.
class WebSocketWaker : public std::enable_shared_from_this<WebSocketWaker> {
 public:
  class Sleeper {
   public:
    virtual ~Sleeper() = default;
    virtual void on_wake() = 0;
  };

  explicit WebSocketWaker(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
  void wake();

  std::weak_ptr<Sleeper> sleeper;

 private:
  const boost::asio::any_io_executor executor_;
};

/// Asks the endpoint. Null: `refusal` says why.
std::unique_ptr<WebSocketFeed> open_websocket(WebSocketEndpoint& endpoint, const Request& request, bool tls,
                                              const std::shared_ptr<WebSocketWaker>& waker,
                                              std::optional<Response>& refusal);

}  // namespace net
BELLWETHER_NAMESPACE_END
