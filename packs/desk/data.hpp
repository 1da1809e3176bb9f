// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/late.hpp>
#include <bellwether/registry.hpp>
#include <chrono>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace desk {

/// One stream of market data. Resolve once, keep.
struct StreamSeries {
  Gauge last_message_timestamp;
};

/// Market data and clocks (F05, F08, F09).
///
///     desk::DataMetrics data{registry};
///     const desk::StreamSeries trades = data.for_stream("BTCUSDT", "trades");
///     desk::record_data_message(trades, received_at);
///     if (lag < 0ns) desk::record_negative_lag(data, "BTCUSDT");
///
/// Threads: any. After a label's first value nothing allocates or locks.
struct DataMetrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit DataMetrics(Registry& registry);

  /// Call it with the first message: the stream shows 0, the year 1970, until its time is recorded.
  StreamSeries for_stream(std::string_view symbol, std::string_view stream) const;

  Late<Gauge> clock_offset_seconds;
  Family<Counter, "symbol"> market_data_negative_lag_total;
  Family<Gauge, "symbol", "stream"> data_last_message_timestamp_seconds;
  Family<Gauge, "venue"> market_session_open;
};

/// How far our clock is ahead of UTC (negative: behind), as the best source tells. Absent until first set. NaN and the
/// infinities are refused.
void set_clock_offset(const DataMetrics& metrics, double seconds) noexcept;
/// A message whose exchange time lies after its arrival: it must not be observed as a lag.
void record_negative_lag(const DataMetrics& metrics, std::string_view symbol) noexcept;
/// A DATA message came; pings, heartbeats and a socket that is open do not count. Wall time since the Unix epoch.
void record_data_message(const StreamSeries& stream, std::chrono::nanoseconds received_at) noexcept;
/// Outside its session a silent stream is no stall.
void set_market_session(const DataMetrics& metrics, std::string_view venue, bool open) noexcept;

}  // namespace desk
BELLWETHER_NAMESPACE_END
