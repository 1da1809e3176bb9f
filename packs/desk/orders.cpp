// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "desk/orders.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace desk {

OrderMetrics::OrderMetrics(Registry& registry)
    : risk_checks_total(registry
                            .counter<"check", "result">("risk_checks_total",
                                                        "Pre-trade checks of orders by check and result: pass, reject")
                            .value()),
      orders_rejected_by_reason_total(
          registry
              .counter<"reason">("orders_rejected_by_reason_total",
                                 "Orders that were not sent, or that the venue refused, by reason")
              .value()),
      order_to_trade_ratio(registry
                               .gauge<"basis", "symbol">(
                                   "order_to_trade_ratio",
                                   "Orders (submitted, modified, cancelled) by transactions, less one, by number or "
                                   "by volume; absent while there is no transaction")
                               .value()),
      slippage_bps(registry
                       .histogram<"symbol", "side">(
                           "slippage_bps",
                           "Fill against the mid at the decision in basis points; positive is a "
                           "cost, for buys and for sells",
                           Buckets::of({-50, -20, -10, -5, -2, -1, 0, 1, 2, 5, 10, 20, 50, 100, 200, 500}))
                       .value()),
      order_reject_ratio(
          registry.late_gauge("order_reject_ratio", "Share of the latest orders that was rejected, 0 to 1").value()) {}

CheckSeries OrderMetrics::for_check(std::string_view check) const {
  return {risk_checks_total.at(check, "pass"), risk_checks_total.at(check, "reject")};
}

void record_risk_check(const CheckSeries& check, CheckResult result) noexcept {
  (result == CheckResult::pass ? check.pass : check.reject).inc();
}

void record_rejected_order(const OrderMetrics& metrics, std::string_view reason) noexcept {
  metrics.orders_rejected_by_reason_total.at(reason).inc();
}

void set_order_to_trade_ratio(const OrderMetrics& metrics, std::string_view symbol, double by_number,
                              double by_volume) noexcept {
  const auto set = [&](std::string_view basis, double ratio) {
    // A refused ratio must not begin a series with 0, which would read as one trade for each order.
    if (!(ratio >= -1 && ratio <= std::numeric_limits<double>::max()))
      return void(set_within(Gauge{}, ratio, -1, std::numeric_limits<double>::max()));
    metrics.order_to_trade_ratio.at(basis, symbol).set(ratio);
  };
  set("number", by_number);
  set("volume", by_volume);
}

void record_slippage(const OrderMetrics& metrics, std::string_view symbol, Side side, double bps) noexcept {
  metrics.slippage_bps.at(symbol, side == Side::buy ? "buy" : "sell").observe(bps);
}

void set_order_reject_ratio(const OrderMetrics& metrics, double ratio) noexcept {
  set_within(metrics.order_reject_ratio, ratio, 0, 1);
}

}  // namespace desk
BELLWETHER_NAMESPACE_END
