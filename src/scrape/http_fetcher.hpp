// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "net/async_http_client.hpp"
#include "scrape/fetcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Asks targets over HTTP: all of them on one thread, which also does the owner's `turn` (AsyncHttpOptions). Threads: any.
class HttpFetcher final : public Fetcher {
 public:
  using Turn = std::function<std::optional<std::chrono::nanoseconds>()>;
  explicit HttpFetcher(Turn turn = {}) : client_({.turn = std::move(turn)}) {}

  Result<std::unique_ptr<FetchLine>> open(net::HttpRequest request) override;
  /// The turn, soon.
  void wake() noexcept { client_.wake(); }

 private:
  net::AsyncHttpClient client_;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
