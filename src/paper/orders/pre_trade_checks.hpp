// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/kill_switch.hpp>
#include <bellwether/result.hpp>
#include <bellwether/sliding_window_limiter.hpp>
#include <string_view>
#include <vector>

#include "paper/orders/duplicate_window.hpp"
#include "paper/orders/execution_throttle.hpp"
#include "paper/orders/exposure_book.hpp"
#include "paper/orders/order_observer.hpp"
#include "paper/orders/pre_trade_settings.hpp"
#include "paper/orders/sim_clock.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The checks that every order passes before it leaves, in this order; the first that fails ends them:
///
///   invalid         not finite, not above 0, no such bot, or a flattening order that does not reduce the bot's position
///   kill_switch     the gate of its strategy is shut                                             flattening orders pass
///   no_quote        no valid quote of the symbol, or one that is too old
///   price_collar    the limit price, or the touch of a market order, is too far from the mid     flattening market orders pass
///   max_volume      quantity                                                                     flattening orders pass
///   max_value       quantity times that price                                                    flattening orders pass
///   duplicate       the same order again within a moment                                         flattening orders pass
///   exposure_limit  gross or net after it, with all on its way filled at its worst, is above the limit of the regime and
///                   above what it was; an order that only reduces its bot's position passes always
///   throttle        its strategy sent too many and is off until `enable`                         flattening orders pass
///   max_messages    of the whole desk within a second                                            flattening orders pass
///
/// Cancels pass always, kill switch or not; they count as messages. What is refused counts as nothing.
///
/// An equity that is not finite or not above 0 allows no exposure: only reducing orders pass.
///
/// Threads: use from one; the kill gates may be shut by any. Allocation: some for duplicates. The constructor throws
/// `Exception` for settings that `require_valid` refuses.
class RiskGate {
 public:
  /// `gates` has one for each strategy. `book` and `observer` must outlive the gate.
  RiskGate(const PreTradeSettings& settings, std::vector<KillGate> gates, const ExposureBook& book,
           OrderObserver& observer);

  /// `RejectReason::none` if it may leave.
  RejectReason check(const OrderRequest& request, SimTime now);

  /// A cancel leaves.
  void count_cancel(SimTime now);

  /// Asked again when an order was held back after its checks.
  bool killed(StrategyIndex strategy) const { return gates_.at(strategy).stopped(); }

  void set_equity(double equity) noexcept { equity_ = equity; }
  /// Those of the regime, e.g. `RegimeClassifier::limits()`; those of the settings until then. An error for what is not finite
  /// and above 0: the limits stay as they are.
  Result<void> set_exposure_limits(const ExposureLimits& limits);
  const ExposureLimits& exposure_limits() const noexcept { return settings_.exposure; }

  bool enabled(StrategyIndex strategy) const { return throttle_.enabled(strategy); }
  /// Switches a strategy on again that the throttle has switched off. An error without a name and a reason.
  Result<void> enable(StrategyIndex strategy, std::string_view who, std::string_view reason);

  const PreTradeSettings& settings() const noexcept { return settings_; }

 private:
  bool passes(RejectReason check, const OrderRequest& request, const Quote* quote, SimTime now);
  bool is_valid(const OrderRequest& request) const;
  bool within_exposure(const OrderRequest& request) const;
  bool throttle_permits(StrategyIndex strategy, SimTime now);

  PreTradeSettings settings_;
  std::vector<KillGate> gates_;
  const ExposureBook& book_;
  OrderObserver& observer_;
  SimClock clock_;
  SlidingWindowLimiter messages_;
  ExecutionThrottle throttle_;
  DuplicateWindow duplicates_;
  double equity_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
