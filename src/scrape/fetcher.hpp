// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <functional>
#include <memory>

#include "net/http_transport.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// What asks one target, again and again.
///
/// Threads: one at a time. `start` never blocks.
class FetchLine {
 public:
  using Done = std::function<void(net::HttpResult)>;

  /// Whatever is under way is given up; its `done` may be called once more or not at all.
  virtual ~FetchLine() = default;
  /// Asks once. `done` comes once, from any thread, also from within `start`, within the request's time-out. It must be short.
  /// Not to be called again before that.
  virtual void start(Done done) = 0;
};

/// How targets are asked: HttpFetcher over the network; tests bring one of their own, and time is theirs too.
///
/// Threads: any.
class Fetcher {
 public:
  virtual ~Fetcher() = default;
  /// `request` is what each fetch sends; its `max_response_bytes` and `timeout` hold for each. Bodies come as they were sent: who
  /// asks for gzip by a header unpacks it. An error: a request that cannot be.
  virtual Result<std::unique_ptr<FetchLine>> open(net::HttpRequest request) = 0;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
