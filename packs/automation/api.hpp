// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/late.hpp>
#include <bellwether/registry.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// The values of the label `status` of deepseek_api_calls_total and perplexity_api_calls_total.
enum class CallStatus : std::uint8_t { success, error };

/// One API's handles. Resolve once, keep.
struct ApiSeries {
  Counter calls_success;  ///< of deepseek and perplexity; other APIs have no such metric, and theirs count into nowhere
  Counter calls_error;    ///< likewise
  Late<Gauge> last_response_time;  ///< of deepseek alone
  DurationHistogram request_duration;
  Counter rate_limits;
};

/// Calls to providers.
///
///     automation::ApiMetrics apis{registry};
///     const automation::ApiSeries deepseek = apis.for_api("deepseek");
///     automation::record_api_call(deepseek, automation::CallStatus::error, took);
///     automation::record_api_error(apis, "deepseek", "timeout");
///
/// Threads: any. Nothing allocates after a label's first value.
struct ApiMetrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit ApiMetrics(Registry& registry);

  ApiSeries for_api(std::string_view api) const;

  Family<Counter, "status"> deepseek_api_calls_total;
  Family<Counter, "status"> perplexity_api_calls_total;
  Family<Counter, "api", "error_type"> api_errors_total;
  Family<DurationHistogram, "api"> api_request_duration_seconds;
  Family<Counter, "api"> api_rate_limits_total;
  Late<Gauge> deepseek_api_response_time_seconds;
};

/// A call that came to its end, and how long it took; of deepseek the time is shown as the last one too. A negative
/// duration is refused; the call counts all the same.
void record_api_call(const ApiSeries& api, CallStatus status, std::chrono::nanoseconds took) noexcept;
/// The reason of a failed call: "timeout", "connection", "http_5xx", "rate_limit", "bad_response". Few and fixed.
void record_api_error(const ApiMetrics& metrics, std::string_view api, std::string_view error_type) noexcept;
/// HTTP 429.
void record_rate_limit(const ApiSeries& api) noexcept;

}  // namespace automation
BELLWETHER_NAMESPACE_END
