// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "trading-bots/http.hpp"

#include <array>
#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace trading_bots {
namespace {

/// From an empty answer to a dump of everything.
Buckets sizes() {
  return Buckets::of({100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000});
}

}  // namespace

HttpMetrics::HttpMetrics(Registry& registry)
    : http_requests_total(registry
                              .counter<"method", "endpoint", "status">(
                                  "http_requests_total", "HTTP requests by method, pattern of the route, and status")
                              .value()),
      http_request_duration_seconds(
          registry
              .duration_histogram<"method", "endpoint">(
                  "http_request_duration_seconds", "From an HTTP request's arrival to its answer's end in seconds",
                  Buckets::of({0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}))
              .value()),
      http_request_size_bytes(
          registry
              .histogram<"method", "endpoint">("http_request_size_bytes", "Bytes of an HTTP request's body", sizes())
              .value()),
      http_response_size_bytes(
          registry
              .histogram<"method", "endpoint">("http_response_size_bytes", "Bytes of an HTTP answer's body", sizes())
              .value()) {}

void record_http_request(const HttpMetrics& metrics, std::string_view method, std::string_view endpoint, int status,
                         std::chrono::nanoseconds took, std::uint64_t request_bytes,
                         std::uint64_t response_bytes) noexcept {
  std::array<char, 3> digits{};
  std::string_view text = "unknown";
  if (status >= 100 && status <= 599) {
    digits = {static_cast<char>('0' + status / 100), static_cast<char>('0' + status / 10 % 10),
              static_cast<char>('0' + status % 10)};
    text = {digits.data(), digits.size()};
  }
  metrics.http_requests_total.at(method, endpoint, text).inc();
  observe_non_negative(metrics.http_request_duration_seconds.at(method, endpoint), took);
  metrics.http_request_size_bytes.at(method, endpoint).observe(static_cast<double>(request_bytes));
  metrics.http_response_size_bytes.at(method, endpoint).observe(static_cast<double>(response_bytes));
}

}  // namespace trading_bots
BELLWETHER_NAMESPACE_END
