// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/pre_trade_checks.hpp"

#include <fmt/core.h>

#include <array>
#include <chrono>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

constexpr std::array checks{RejectReason::invalid,      RejectReason::kill_switch,    RejectReason::no_quote,
                            RejectReason::price_collar, RejectReason::max_volume,     RejectReason::max_value,
                            RejectReason::duplicate,    RejectReason::exposure_limit, RejectReason::throttle,
                            RejectReason::max_messages};

constexpr double rounding = 1e-9;  // a value at its limit passes, whatever its last bit says

// False for what is not a number.
bool within(double value, double limit) noexcept {
  return value <= limit * (1 + rounding);
}

bool is_positive(double value) noexcept {
  return std::isfinite(value) && value > 0;
}

double price_of(const OrderRequest& request, const Quote& quote) noexcept {
  if (request.type == OrderType::limit) return request.limit_price;
  return request.side == OrderSide::buy ? quote.ask : quote.bid;
}

const PreTradeSettings& checked(const PreTradeSettings& settings) {
  require_valid(settings);
  return settings;
}

}  // namespace

RiskGate::RiskGate(const PreTradeSettings& settings, std::vector<KillGate> gates, const ExposureBook& book,
                   OrderObserver& observer)
    : settings_(checked(settings)),
      gates_(std::move(gates)),
      book_(book),
      observer_(observer),
      messages_({.limit = settings.max_messages,
                 .window = std::chrono::nanoseconds{settings.message_window},
                 .clock = &clock_}),
      throttle_(gates_.size(), settings.max_executions, settings.execution_window),
      duplicates_(settings.duplicate_window) {
  for (BotIndex bot = 0; bot < book.bots(); ++bot) {
    if (book.bot(bot).strategy < gates_.size()) continue;
    throw Exception(Error{fmt::format("risk gate: bot {} trades strategy {}, which has no kill gate; there are {}", bot,
                                      book.bot(bot).strategy, gates_.size())});
  }
}

RejectReason RiskGate::check(const OrderRequest& request, SimTime now) {
  clock_.advance_to(now);
  now = clock_.now();
  const Quote* quote = book_.valid_quote(request.symbol);
  if (quote != nullptr && settings_.max_quote_age > 0 && now - quote->time > settings_.max_quote_age) quote = nullptr;
  for (const RejectReason check : checks) {
    const bool passed = passes(check, request, quote, now);
    observer_.on_risk_check(request, check, passed);
    if (!passed) return check;
  }
  if (!request.flatten) {
    throttle_.count(request.strategy, now);
    duplicates_.remember(request, now);
  }
  return RejectReason::none;
}

bool RiskGate::passes(RejectReason check, const OrderRequest& request, const Quote* quote, SimTime now) {
  switch (check) {
    case RejectReason::invalid:
      return is_valid(request);
    case RejectReason::kill_switch:
      return request.flatten || !killed(request.strategy);
    case RejectReason::no_quote:
      return quote != nullptr;
    case RejectReason::price_collar:
      return (request.flatten && request.type == OrderType::market) ||
             // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): no_quote has ended the checks before this one
             within(std::abs(price_of(request, *quote) - quote->mid()), settings_.price_collar * quote->mid());
    case RejectReason::max_volume:
      return request.flatten || within(request.quantity, settings_.max_order_volume);
    case RejectReason::max_value:
      return request.flatten || within(request.quantity * price_of(request, *quote), settings_.max_order_value);
    case RejectReason::duplicate:
      return request.flatten || !duplicates_.is_duplicate(request, now);
    case RejectReason::exposure_limit:
      return within_exposure(request);
    case RejectReason::throttle:
      return request.flatten || throttle_permits(request.strategy, now);
    case RejectReason::max_messages:
      return messages_.try_acquire() || request.flatten;
    case RejectReason::none:
    case RejectReason::pacing:
    case RejectReason::disconnected:
    case RejectReason::venue:
      return true;  // not ours
  }
  return false;
}

bool RiskGate::is_valid(const OrderRequest& request) const {
  if (request.bot >= book_.bots()) return false;
  const BotPlace& place = book_.bot(request.bot);
  if (place.strategy != request.strategy || place.symbol != request.symbol) return false;
  if (!is_positive(request.quantity)) return false;
  if (request.type == OrderType::limit && !is_positive(request.limit_price)) return false;
  return !request.flatten || book_.reduces(request);
}

bool RiskGate::within_exposure(const OrderRequest& request) const {
  if (book_.reduces(request)) return true;
  if (!is_positive(equity_)) return false;
  const ExposureLimits& limit = settings_.exposure;
  const Exposure before = book_.exposure_with(request, 0);
  const Exposure after = book_.exposure_with(request, request.quantity);
  return (within(after.gross, limit.gross * equity_) || after.gross <= before.gross) &&
         (within(after.most_long, limit.net * equity_) || after.most_long <= before.most_long) &&
         (within(-after.most_short, limit.net * equity_) || after.most_short >= before.most_short);
}

bool RiskGate::throttle_permits(StrategyIndex strategy, SimTime now) {
  const bool was_enabled = throttle_.enabled(strategy);
  const bool permits = throttle_.permits(strategy, now);
  if (was_enabled && !permits) observer_.on_strategy_disabled(strategy, now);
  return permits;
}

Result<void> RiskGate::set_exposure_limits(const ExposureLimits& limits) {
  if (!is_positive(limits.gross) || !is_positive(limits.net)) {
    return Error{fmt::format("risk gate: exposure limits gross {} and net {}; both must be finite and above 0",
                             limits.gross, limits.net)};
  }
  settings_.exposure = limits;
  return {};
}

void RiskGate::count_cancel(SimTime now) {
  clock_.advance_to(now);
  static_cast<void>(messages_.try_acquire());
}

Result<void> RiskGate::enable(StrategyIndex strategy, std::string_view who, std::string_view reason) {
  Result<void> enabled = throttle_.enable(strategy, who, reason);
  if (enabled) observer_.on_strategy_enabled(strategy, who, reason);
  return enabled;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
