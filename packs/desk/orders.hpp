// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/late.hpp>
#include <bellwether/registry.hpp>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace desk {

/// The values of the label `result` of risk_checks_total.
enum class CheckResult : std::uint8_t { pass, reject };

/// One pre-trade check. Resolve once, keep: it is on the order path.
struct CheckSeries {
  Counter pass;
  Counter reject;
};

/// The values of the label `side`.
enum class Side : std::uint8_t { buy, sell };

/// What controls orders and what becomes of them (F03, F04, F22).
///
///     desk::OrderMetrics orders{registry};
///     const desk::CheckSeries collar = orders.for_check("price_collar");
///     desk::record_risk_check(collar, desk::CheckResult::reject);
///     desk::record_rejected_order(orders, "price_collar");
///
/// Threads: any. After a label's first value nothing allocates or locks.
struct OrderMetrics {
  /// Throws `Exception` when the registry holds one of the names as something else.
  explicit OrderMetrics(Registry& registry);

  CheckSeries for_check(std::string_view check) const;

  Family<Counter, "check", "result"> risk_checks_total;
  Family<Counter, "reason"> orders_rejected_by_reason_total;
  Family<Gauge, "basis", "symbol"> order_to_trade_ratio;
  Family<Histogram, "symbol", "side"> slippage_bps;
  Late<Gauge> order_reject_ratio;
};

/// Checks: "price_collar", "order_value", "order_volume", "message_rate", "duplicate", "throttle", "kill_switch".
void record_risk_check(const CheckSeries& check, CheckResult result) noexcept;
/// An order that was not sent, or was refused by the venue. Reasons: the names of the checks, "venue", "disconnected".
void record_rejected_order(const OrderMetrics& metrics, std::string_view reason) noexcept;
/// RTS 9: orders by transactions, less one; submits, modifications and cancels count as orders. From -1 on. What is below,
/// and not finite (no transaction yet), is refused: such a series is absent.
void set_order_to_trade_ratio(const OrderMetrics& metrics, std::string_view symbol, double by_number,
                              double by_volume) noexcept;
/// Basis points of the mid price when the order was decided on. POSITIVE IS A COST, for buys and for sells.
void record_slippage(const OrderMetrics& metrics, std::string_view symbol, Side side, double bps) noexcept;
/// The share of the latest orders that was rejected, 0 to 1. Absent until first set; what is out of range is refused.
void set_order_reject_ratio(const OrderMetrics& metrics, double ratio) noexcept;

}  // namespace desk
BELLWETHER_NAMESPACE_END
