// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "algo-trade/latency.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {
namespace {

/// Milliseconds, with an edge at the 200 that the latency alert asks about.
Buckets milliseconds() {
  return Buckets::of({5, 10, 25, 50, 100, 200, 250, 500, 1000, 2500, 5000});
}

}  // namespace

LatencyMetrics::LatencyMetrics(Registry& registry)
    : intent_to_ack_latency_ms(
          registry
              .histogram("algo_trade_intent_to_ack_latency_ms",
                         "From the decision on an order to the venue's acknowledgement in milliseconds", milliseconds())
              .value()),
      order_placement_latency_ms(registry
                                     .histogram("algo_trade_order_placement_latency_ms",
                                                "Risk check, encoding and sending of an order in milliseconds",
                                                milliseconds())
                                     .value()),
      order_fill_latency_ms(registry
                                .histogram("algo_trade_order_fill_latency_ms",
                                           "From the sending of an order to its fill in milliseconds",
                                           Buckets::of({100, 500, 1000, 5000, 10000, 30000, 60000}))
                                .value()),
      signal_generation_latency_ms(registry
                                       .histogram("algo_trade_signal_generation_latency_ms",
                                                  "One computation of a signal in milliseconds", milliseconds())
                                       .value()),
      portfolio_optimization_latency_ms(registry
                                            .histogram("algo_trade_portfolio_optimization_latency_ms",
                                                       "One optimisation of the portfolio in milliseconds",
                                                       Buckets::of({10, 50, 100, 250, 500, 1000, 2000}))
                                            .value()) {}

void record_order_latency(const LatencyMetrics& metrics, double milliseconds, OrderLatency latency) noexcept {
  switch (latency) {
    case OrderLatency::intent_to_ack:
      observe_non_negative(metrics.intent_to_ack_latency_ms, milliseconds);
      break;
    case OrderLatency::placement:
      observe_non_negative(metrics.order_placement_latency_ms, milliseconds);
      break;
    case OrderLatency::fill:
      observe_non_negative(metrics.order_fill_latency_ms, milliseconds);
      break;
  }
}

void record_signal_generation_latency(const LatencyMetrics& metrics, double milliseconds) noexcept {
  observe_non_negative(metrics.signal_generation_latency_ms, milliseconds);
}

void record_optimization_latency(const LatencyMetrics& metrics, double milliseconds) noexcept {
  observe_non_negative(metrics.portfolio_optimization_latency_ms, milliseconds);
}

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
