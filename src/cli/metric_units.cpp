// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "cli/metric_catalogue.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

using Unit = std::pair<std::string_view, std::string_view>;

/// Endings of names; the first that fits counts. `_total` has been taken off before.
constexpr std::array<Unit, 15> endings{{
    {"_timestamp_seconds", "seconds since 1970"},
    {"_timestamp", "seconds since 1970"},
    {"_start_time_seconds", "seconds since 1970"},
    {"_seconds", "seconds"},
    {"_ms", "milliseconds"},
    {"_bytes", "bytes"},
    {"_mb", "MiB"},
    {"_percent", "percent"},
    {"_pct", "percent"},
    {"_usd", "US dollars"},
    {"_bps", "basis points"},
    {"_ratio", "ratio"},
    {"_msg_per_sec", "messages/second"},
    {"_status", "enum"},
    {"_state", "enum"},
}};

/// Names of the documents that do not tell. Plain numbers (counts, 0 or 1) need no entry.
constexpr std::array<Unit, 26> known{{
    {"algo_trade_cvar_95", "fraction"},
    {"algo_trade_data_completeness", "0 to 1"},
    {"algo_trade_gross_exposure", "times equity"},
    {"algo_trade_gross_exposure_limit", "times equity"},
    {"algo_trade_ibkr_api_rate", "requests/second"},
    {"algo_trade_max_drawdown_current", "fraction"},
    {"algo_trade_max_drawdown_historical", "fraction"},
    {"algo_trade_net_exposure", "times equity"},
    {"algo_trade_net_exposure_limit", "times equity"},
    {"algo_trade_pnl_cumulative", "fraction"},
    {"algo_trade_pnl_daily", "fraction"},
    {"algo_trade_portfolio_beta", "ratio"},
    {"algo_trade_portfolio_volatility", "fraction/year"},
    {"algo_trade_profit_factor", "ratio"},
    {"algo_trade_sharpe_ratio_rolling_30d", "ratio"},
    {"algo_trade_sharpe_ratio_rolling_90d", "ratio"},
    {"algo_trade_signal_strength_avg", "strength"},
    {"algo_trade_var_95", "fraction"},
    {"algo_trade_win_rate", "0 to 1"},
    {"levi_engine_last_heartbeat", "seconds since 1970"},
    {"levi_equity_now", "account's currency"},
    {"levi_signal_confidence", "0 to 1"},
    {"levi_signal_prob_up", "0 to 1"},
    {"order_reject_ratio", "0 to 1"},
    {"peak_position_size", "base units"},
    {"replay_speed", "times real time"},
}};

}  // namespace

std::string unit_of(std::string_view name) {
  for (const auto& [known_name, unit] : known) {
    if (name == known_name) return std::string(unit);
  }
  if (name == "peak_health_check_status" || name == "algo_trade_ibkr_connected") return {};
  if (name.ends_with("_total")) name.remove_suffix(std::string_view{"_total"}.size());
  for (const auto& [ending, unit] : endings) {
    if (name.ends_with(ending)) return std::string(unit);
  }
  return {};
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
