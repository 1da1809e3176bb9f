// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/async_http_client.hpp"
#include "scrape/fetcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Asks targets over HTTP: all of them on one thread. Threads: any.
class HttpFetcher final : public Fetcher {
 public:
  Result<std::unique_ptr<FetchLine>> open(net::HttpRequest request) override;

 private:
  net::AsyncHttpClient client_;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
