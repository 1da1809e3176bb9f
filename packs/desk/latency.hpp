// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace desk {

/// One latency in two histograms: classic buckets, a factor of two apart from 1 us to 67 s, which every Prometheus reads and
/// whose p99.9 is within that factor; and a native one (`_native`), whose quantiles are within 5 %.
struct Latency {
  DurationHistogram classic;
  DurationHistogram native;

  /// Outliers and the first observations are kept. False for a negative duration, which is refused.
  bool observe(std::chrono::nanoseconds took) const noexcept;
};

/// Who answered an order's request.
enum class Responder : std::uint8_t {
  gateway,   ///< our own or the broker's gateway took it over
  exchange,  ///< the exchange itself answered
};

/// The latencies of an engine, from the market's event to its own order's end (F18, F19).
///
///     desk::LatencyMetrics latency{registry};
///     desk::record_tick_to_trade(latency, sent - received);
///     desk::record_round_trip(latency, desk::Responder::exchange, acknowledged - sent);
///     static const DurationHistogram decode = latency.stage_duration_seconds.at("decode");   // a label: resolve once
///
/// Threads: any. After a label's first value nothing allocates or locks. Negative durations are refused, everywhere.
struct LatencyMetrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit LatencyMetrics(Registry& registry);

  Latency tick_to_trade;
  Latency order_to_ack;
  Latency order_to_fill;
  Latency order_to_cancel;
  Latency end_to_end;
  Family<DurationHistogram, "response"> order_request_round_trip_seconds;
  Family<DurationHistogram, "symbol"> market_data_latency_seconds;
  Family<DurationHistogram, "link"> inter_process_latency_seconds;
  Family<DurationHistogram, "queue"> queue_wait_seconds;
  Family<DurationHistogram, "limiter"> rate_limiter_wait_seconds;
  Family<DurationHistogram, "venue"> heartbeat_latency_seconds;
  Family<DurationHistogram, "stage"> stage_duration_seconds;

  DurationHistogram round_trip_gateway;
  DurationHistogram round_trip_exchange;
};

/// From the arrival of the market data that caused an order to the order's sending.
void record_tick_to_trade(const LatencyMetrics& metrics, std::chrono::nanoseconds took) noexcept;
/// From the market's event (exchange time) to the order's acknowledgement.
void record_end_to_end(const LatencyMetrics& metrics, std::chrono::nanoseconds took) noexcept;
/// From sending an order to its acknowledgement, its last fill, and from a request to cancel to its confirmation.
void record_order_to_ack(const LatencyMetrics& metrics, std::chrono::nanoseconds took) noexcept;
void record_order_to_fill(const LatencyMetrics& metrics, std::chrono::nanoseconds took) noexcept;
void record_order_to_cancel(const LatencyMetrics& metrics, std::chrono::nanoseconds took) noexcept;
void record_round_trip(const LatencyMetrics& metrics, Responder responder, std::chrono::nanoseconds took) noexcept;
/// One way: from the exchange's time stamp to the arrival. A negative one means that the clocks disagree: see
/// `record_negative_lag`.
void record_market_data_latency(const LatencyMetrics& metrics, std::string_view symbol,
                                std::chrono::nanoseconds took) noexcept;
/// Between two processes ("feed-engine"), in a queue ("orders"), before a rate limiter ("binance_orders"), a venue's answer
/// to a ping, one stage of the pipeline ("risk_gate").
void record_inter_process_latency(const LatencyMetrics& metrics, std::string_view link,
                                  std::chrono::nanoseconds took) noexcept;
void record_queue_wait(const LatencyMetrics& metrics, std::string_view queue, std::chrono::nanoseconds took) noexcept;
void record_rate_limiter_wait(const LatencyMetrics& metrics, std::string_view limiter,
                              std::chrono::nanoseconds took) noexcept;
void record_heartbeat_latency(const LatencyMetrics& metrics, std::string_view venue,
                              std::chrono::nanoseconds took) noexcept;
void record_stage_duration(const LatencyMetrics& metrics, std::string_view stage,
                           std::chrono::nanoseconds took) noexcept;

}  // namespace desk
BELLWETHER_NAMESPACE_END
