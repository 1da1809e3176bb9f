// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "net/live_stream.hpp"
#include "paper/desk_observer.hpp"
#include "paper/exports/trading_places.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Tells the clients of the WebSocket /ws/general what happens, one JSON object a message:
///
///     {"type":"fill","time":1723161254.5,"order_id":7,"bot_id":"bot-BTCUSDT","symbol":"BTCUSDT","side":"buy",…}
///
/// Types: fill, rejected, cancelled, kill, engine (a change of status), quality (a stream falls silent or speaks again), error, and
/// portfolio, once a second. Market data is not among them: it is a thousand times as much.
class LiveEvents final : public DeskObserver {
 public:
  /// `stream` and `clock` must outlive it.
  LiveEvents(net::LiveStream& stream, TradingPlaces places, const Clock& clock);

  void on_fill(const Order& order, const Fill& fill) override;
  void on_rejected(const Order& order, RejectReason reason) override;
  void on_cancelled(const Order& order) override;
  void on_kill(std::string_view type, std::string_view scope, bool latched, std::string_view message) override;
  void on_health(SymbolIndex symbol, const EngineHealth& health) override;
  void on_stale(SymbolIndex symbol, StreamKind stream, std::chrono::nanoseconds silence) override;
  void on_fresh(SymbolIndex symbol, StreamKind stream) override;
  void on_error(std::string_view type) override;
  void on_snapshot(const DeskSnapshot& snapshot) override;

 private:
  bool nobody_listens() const noexcept { return stream_.clients() == 0; }
  double wall_seconds() const;

  net::LiveStream& stream_;
  TradingPlaces places_;
  const Clock& clock_;
  std::vector<std::optional<EngineStatus>> status_;
  std::optional<std::chrono::nanoseconds> last_portfolio_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
