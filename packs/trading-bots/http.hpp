// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace trading_bots {

/// What an HTTP middleware feeds, once for each request:
///
///     trading_bots::HttpMetrics http{registry};
///     trading_bots::record_http_request(http, "GET", "/api/v1/bots/{id}", 200, took, request.size(), response.size());
///
/// `endpoint` is the pattern of the route, not the path that was asked for: ids in paths would make a series each. For a path
/// without a route give one fixed word, "unknown"; for a method that is none of HTTP's likewise.
///
/// Threads: any. The first request of a combination allocates; after it nothing does, and nothing locks.
struct HttpMetrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit HttpMetrics(Registry& registry);

  Family<Counter, "method", "endpoint", "status"> http_requests_total;
  Family<DurationHistogram, "method", "endpoint"> http_request_duration_seconds;
  Family<Histogram, "method", "endpoint"> http_request_size_bytes;
  Family<Histogram, "method", "endpoint"> http_response_size_bytes;
};

/// `status` is HTTP's, 100 to 599; others count as "unknown". Sizes are those of the bodies. A negative duration is
/// refused; the rest of the request counts all the same.
void record_http_request(const HttpMetrics& metrics, std::string_view method, std::string_view endpoint, int status,
                         std::chrono::nanoseconds took, std::uint64_t request_bytes,
                         std::uint64_t response_bytes) noexcept;

}  // namespace trading_bots
BELLWETHER_NAMESPACE_END
