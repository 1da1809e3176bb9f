// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "desk/latency.hpp"

#include <bellwether/checked.hpp>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace desk {
namespace {

/// 1 us to 67 s, each edge twice the one before.
Buckets doubling() {
  return Buckets::exponential(1e-6, 2, 27);
}

/// `<name>_latency_seconds` and `<name>_latency_native_seconds`.
Latency latency(Registry& registry, const std::string& name, const std::string& help) {
  return {registry.duration_histogram(name + "_latency_seconds", help + " in seconds", doubling()).value(),
          registry
              .duration_histogram(name + "_latency_native_seconds",
                                  help + " in seconds; a native histogram, quantiles within 5 %", Buckets::native())
              .value()};
}

}  // namespace

bool Latency::observe(std::chrono::nanoseconds took) const noexcept {
  if (!observe_non_negative(classic, took)) return false;
  native.observe(took);
  return true;
}

LatencyMetrics::LatencyMetrics(Registry& registry)
    : tick_to_trade(latency(registry, "tick_to_trade",
                            "From the arrival of the market data that caused an order to the order's sending")),
      order_to_ack(latency(registry, "order_to_ack", "From the sending of an order to its acknowledgement")),
      order_to_fill(latency(registry, "order_to_fill", "From the sending of an order to its last fill")),
      order_to_cancel(latency(registry, "order_to_cancel", "From a request to cancel to its confirmation")),
      end_to_end(latency(registry, "end_to_end",
                         "From the exchange's time stamp of the market data to the acknowledgement of its order")),
      order_request_round_trip_seconds(
          registry
              .duration_histogram<"response">(
                  "order_request_round_trip_seconds",
                  "From an order's request to the answer of the gateway or of the exchange in seconds", doubling())
              .value()),
      market_data_latency_seconds(registry
                                      .duration_histogram<"symbol">(
                                          "market_data_latency_seconds",
                                          "One way, from the exchange's time stamp to the arrival in seconds; messages "
                                          "from the future are in market_data_negative_lag_total",
                                          doubling())
                                      .value()),
      inter_process_latency_seconds(
          registry
              .duration_histogram<"link">("inter_process_latency_seconds",
                                          "From the sending in one process to the arrival in the other in seconds",
                                          doubling())
              .value()),
      queue_wait_seconds(
          registry.duration_histogram<"queue">("queue_wait_seconds", "Wait in a queue in seconds", doubling()).value()),
      rate_limiter_wait_seconds(registry
                                    .duration_histogram<"limiter">("rate_limiter_wait_seconds",
                                                                   "Wait for a rate limiter's permit in seconds",
                                                                   doubling())
                                    .value()),
      heartbeat_latency_seconds(registry
                                    .duration_histogram<"venue">("heartbeat_latency_seconds",
                                                                 "From a ping to the venue's answer in seconds",
                                                                 doubling())
                                    .value()),
      stage_duration_seconds(registry
                                 .duration_histogram<"stage">("stage_duration_seconds",
                                                              "Work of one stage of the pipeline in seconds",
                                                              doubling())
                                 .value()),
      round_trip_gateway(order_request_round_trip_seconds.at("gateway")),
      round_trip_exchange(order_request_round_trip_seconds.at("exchange")) {}

void record_tick_to_trade(const LatencyMetrics& metrics, std::chrono::nanoseconds took) noexcept {
  metrics.tick_to_trade.observe(took);
}

void record_end_to_end(const LatencyMetrics& metrics, std::chrono::nanoseconds took) noexcept {
  metrics.end_to_end.observe(took);
}

void record_order_to_ack(const LatencyMetrics& metrics, std::chrono::nanoseconds took) noexcept {
  metrics.order_to_ack.observe(took);
}

void record_order_to_fill(const LatencyMetrics& metrics, std::chrono::nanoseconds took) noexcept {
  metrics.order_to_fill.observe(took);
}

void record_order_to_cancel(const LatencyMetrics& metrics, std::chrono::nanoseconds took) noexcept {
  metrics.order_to_cancel.observe(took);
}

void record_round_trip(const LatencyMetrics& metrics, Responder responder, std::chrono::nanoseconds took) noexcept {
  observe_non_negative(responder == Responder::gateway ? metrics.round_trip_gateway : metrics.round_trip_exchange,
                       took);
}

void record_market_data_latency(const LatencyMetrics& metrics, std::string_view symbol,
                                std::chrono::nanoseconds took) noexcept {
  observe_non_negative(metrics.market_data_latency_seconds.at(symbol), took);
}

void record_inter_process_latency(const LatencyMetrics& metrics, std::string_view link,
                                  std::chrono::nanoseconds took) noexcept {
  observe_non_negative(metrics.inter_process_latency_seconds.at(link), took);
}

void record_queue_wait(const LatencyMetrics& metrics, std::string_view queue, std::chrono::nanoseconds took) noexcept {
  observe_non_negative(metrics.queue_wait_seconds.at(queue), took);
}

void record_rate_limiter_wait(const LatencyMetrics& metrics, std::string_view limiter,
                              std::chrono::nanoseconds took) noexcept {
  observe_non_negative(metrics.rate_limiter_wait_seconds.at(limiter), took);
}

void record_heartbeat_latency(const LatencyMetrics& metrics, std::string_view venue,
                              std::chrono::nanoseconds took) noexcept {
  observe_non_negative(metrics.heartbeat_latency_seconds.at(venue), took);
}

void record_stage_duration(const LatencyMetrics& metrics, std::string_view stage,
                           std::chrono::nanoseconds took) noexcept {
  observe_non_negative(metrics.stage_duration_seconds.at(stage), took);
}

}  // namespace desk
BELLWETHER_NAMESPACE_END
