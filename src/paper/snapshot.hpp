// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "paper/engine_health.hpp"
#include "paper/faults.hpp"
#include "paper/feed/market_event.hpp"
#include "paper/orders/order.hpp"
#include "paper/signal/online_model.hpp"
#include "paper/signal/signal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// A bot: one engine, one symbol, one strategy.
struct BotView {
  std::string id;
  std::string strategy;
  std::string symbol;
  EngineHealth health;
  bool paused = false;
  Side side = Side::flat;  ///< what its signal wants to hold
  double mid = 0;          ///< 0 before the first quote
  Prediction prediction;
  double position = 0;  ///< base units, below 0 when short
  double pnl = 0;       ///< quote currency, realised and unrealised, net of fees, since the desk began
  std::uint64_t trades = 0;
  std::optional<double> order_to_trade_number;  ///< RTS 9; nothing without a trade
  std::optional<double> order_to_trade_volume;

  /// "running", "paused", "stopped"; a crashed bot is stopped.
  std::string_view bot_status() const noexcept;
};

struct StrategyView {
  std::string name;
  double pnl = 0;
};

struct PortfolioView {
  double start_equity = 0;
  double equity = 0;
  double cash = 0;
  double realized_today = 0;          ///< net of fees
  double realized_today_percent = 0;  ///< of the day's first equity
  double unrealized = 0;
  double pnl_cumulative = 0;  ///< fraction of the start equity
  double pnl_daily = 0;       ///< fraction of the day's first equity
  int positions_open = 0;
  double gross_exposure = 0;  ///< times equity
  double net_exposure = 0;
  double largest_position_percent = 0;
  std::optional<double> win_rate;
  std::optional<double> profit_factor;
};

/// Of the returns at the day's boundaries, in simulated time; nothing where there are too few.
struct StatisticsView {
  std::uint64_t samples = 0;
  std::optional<double> sharpe_30;
  std::optional<double> sharpe_90;
  std::optional<double> psr;
  std::optional<double> volatility;
  std::optional<double> beta;
  std::optional<double> var_95;
  std::optional<double> cvar_95;
  double drawdown = 0;
  double worst_drawdown = 0;
};

struct KillView {
  std::string type;
  std::string scope;
  std::string message;
};

struct RiskView {
  bool pnl = false;
  bool psr = false;
  bool drawdown = false;
  bool global_stop = false;  ///< any
  std::vector<KillView> latched;
  std::string regime = "Normal";
  double gross_limit = 0;
  double net_limit = 0;
};

/// Time since the last message of a stream, and what is missing.
struct FeedView {
  double staleness_seconds = 0;  ///< the worst stream of an open session
  double completeness = 1;       ///< received of expected, 0 to 1
  double messages_per_second = 0;
  std::optional<double> clock_offset_seconds;  ///< ours minus the exchange's, where it is certain: at most 0
};

struct VenueView {
  bool connected = true;
  double api_rate = 0;  ///< messages in the last second
  double reject_ratio = 0;
  std::size_t open_orders = 0;
};

struct ReconciliationView {
  std::uint64_t runs = 0;
  double last_run_seconds = 0;  ///< wall time; 0: never
  double coverage_percent = 0;
  std::vector<std::pair<std::string, std::uint64_t>> breaks;  ///< by kind, as of the last run
};

/// The desk at one moment: what is exported, shown and answered over HTTP.
struct DeskSnapshot {
  SimTime sim_time = 0;
  double wall_seconds = 0;
  double last_cycle_seconds = 0;  ///< wall time at which an engine last completed a cycle; 0: never
  std::uint64_t events = 0;
  std::optional<double> speed;  ///< none: as fast as it goes
  std::vector<BotView> bots;
  std::vector<StrategyView> strategies;
  PortfolioView portfolio;
  StatisticsView statistics;
  RiskView risk;
  FeedView feed;
  VenueView venue;
  ReconciliationView reconciliation;
  std::vector<ActiveFault> faults;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
