// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/api.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

ApiMetrics::ApiMetrics(Registry& registry)
    : deepseek_api_calls_total(
          registry.counter<"status">("deepseek_api_calls_total", "Calls to DeepSeek by status: success, error")
              .value()),
      perplexity_api_calls_total(
          registry.counter<"status">("perplexity_api_calls_total", "Calls to Perplexity by status: success, error")
              .value()),
      api_errors_total(registry
                           .counter<"api", "error_type">("api_errors_total",
                                                         "Failed calls to an API by reason: timeout, connection, "
                                                         "http_4xx, http_5xx, rate_limit, bad_response, bad_request, "
                                                         "circuit_open")
                           .value()),
      api_request_duration_seconds(
          registry
              .duration_histogram<"api">("api_request_duration_seconds", "Duration of a call to an API in seconds",
                                         Buckets::of({0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60}))
              .value()),
      api_rate_limits_total(
          registry.counter<"api">("api_rate_limits_total", "Calls that an API answered with HTTP 429").value()),
      deepseek_api_response_time_seconds(
          registry
              .late_gauge("deepseek_api_response_time_seconds",
                          "Duration of the last call to DeepSeek in seconds; absent before the first")
              .value()) {}

ApiSeries ApiMetrics::for_api(std::string_view api) const {
  ApiSeries series;
  if (api == "deepseek") {
    series.calls_success = deepseek_api_calls_total.at("success");
    series.calls_error = deepseek_api_calls_total.at("error");
    series.last_response_time = deepseek_api_response_time_seconds;
  } else if (api == "perplexity") {
    series.calls_success = perplexity_api_calls_total.at("success");
    series.calls_error = perplexity_api_calls_total.at("error");
  }
  series.request_duration = api_request_duration_seconds.at(api);
  series.rate_limits = api_rate_limits_total.at(api);
  return series;
}

void record_api_call(const ApiSeries& api, CallStatus status, std::chrono::nanoseconds took) noexcept {
  (status == CallStatus::success ? api.calls_success : api.calls_error).inc();
  if (observe_non_negative(api.request_duration, took))
    api.last_response_time.get().set(std::chrono::duration<double>(took).count());
}

void record_api_error(const ApiMetrics& metrics, std::string_view api, std::string_view error_type) noexcept {
  metrics.api_errors_total.at(api, error_type).inc();
}

void record_rate_limit(const ApiSeries& api) noexcept {
  api.rate_limits.inc();
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
