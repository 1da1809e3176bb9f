// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "desk/data.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace desk {

DataMetrics::DataMetrics(Registry& registry)
    : clock_offset_seconds(
          registry
              .late_gauge("clock_offset_seconds",
                          "How far our clock is ahead of UTC in seconds, negative if behind; absent until measured")
              .value()),
      market_data_negative_lag_total(
          registry
              .counter<"symbol">("market_data_negative_lag_total",
                                 "Messages whose exchange time lies after their arrival: the clocks disagree")
              .value()),
      data_last_message_timestamp_seconds(
          registry
              .gauge<"symbol", "stream">(
                  "data_last_message_timestamp_seconds",
                  "Arrival of the stream's last data message (no heartbeat), in seconds since the "
                  "Unix epoch")
              .value()),
      market_session_open(registry.gauge<"venue">("market_session_open", "1 while the venue trades, else 0").value()) {}

StreamSeries DataMetrics::for_stream(std::string_view symbol, std::string_view stream) const {
  return {data_last_message_timestamp_seconds.at(symbol, stream)};
}

void set_clock_offset(const DataMetrics& metrics, double seconds) noexcept {
  set_finite(metrics.clock_offset_seconds, seconds);
}

void record_negative_lag(const DataMetrics& metrics, std::string_view symbol) noexcept {
  metrics.market_data_negative_lag_total.at(symbol).inc();
}

void record_data_message(const StreamSeries& stream, std::chrono::nanoseconds received_at) noexcept {
  stream.last_message_timestamp.set(std::chrono::duration<double>(received_at).count());
}

void set_market_session(const DataMetrics& metrics, std::string_view venue, bool open) noexcept {
  metrics.market_session_open.at(venue).set(open ? 1 : 0);
}

}  // namespace desk
BELLWETHER_NAMESPACE_END
