// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/order_manager.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

constexpr std::size_t executions_remembered = 1 << 14;

OrderMessage message_of(const Order& order) {
  const OrderRequest& request = order.request;
  return {order.id,     request.symbol,  request.strategy, request.side,
          request.type, request.flatten, request.quantity, request.limit_price};
}

bool by_id(const Order& order, OrderId id) {
  return order.id < id;
}

}  // namespace

OrderManager::OrderManager(OrderPlaces places, const OrderSettings& settings, Random& random, OrderObserver& observer)
    : observer_(observer),
      positions_(places.symbols, places.bots),
      gate_(settings.risk, std::move(places.gates), positions_, observer),
      venue_(places.symbols, settings.venue, random),
      session_(settings.session, venue_, random, observer),
      stopping_(positions_.bots()),
      recent_orders_(settings.recent),
      recent_fills_(settings.recent),
      executions_(executions_remembered),
      statistics_(places.symbols) {
  session_.set_doorkeeper(this);
}

void OrderManager::on_quote(SymbolIndex symbol, Quote quote, SimTime now) {
  session_.advance_to(now, *this);
  quote.time = now;
  positions_.quote(symbol, quote);
  venue_.on_quote(symbol, quote, now);
  flatten_ready(now);
}

void OrderManager::on_trade(SymbolIndex symbol, double price, double quantity, SimTime now) {
  session_.advance_to(now, *this);
  venue_.on_trade(symbol, price, quantity, now);
}

void OrderManager::advance_to(SimTime now) {
  session_.advance_to(now, *this);
  flatten_ready(now);
}

OrderManager::SubmitResult OrderManager::submit(const OrderRequest& request, SimTime now) {
  Order order;
  order.id = next_order_++;
  order.request = request;
  statistics_.requested(request.symbol);
  RejectReason reason = gate_.check(request, now);
  if (reason == RejectReason::none && !session_.connected()) reason = RejectReason::disconnected;
  if (reason != RejectReason::none) {
    order.status = OrderStatus::rejected;
    order.reject_reason = reason;
    order.end_time = now;
    statistics_.ended(order);
    recent_orders_.push(order);
    observer_.on_rejected(order, reason);
    return {order.id, reason};
  }
  order.status = OrderStatus::submitted;
  order.submit_time = now;
  open_.push_back(order);
  positions_.order_opened(request);
  statistics_.submitted(request.symbol, request.quantity);
  session_.submit(message_of(order), now);
  observer_.on_submitted(order);
  return {order.id, RejectReason::none};
}

bool OrderManager::cancel(OrderId id, SimTime now) {
  Order* order = find_open(id);
  if (order == nullptr) return false;
  if (order->cancel_requested) return true;
  order->cancel_requested = true;
  if (order->cancel_request_time == 0) order->cancel_request_time = now;
  gate_.count_cancel(now);
  statistics_.cancel_requested(order->request.symbol, order->remaining());
  session_.cancel(id, now);
  return true;
}

std::size_t OrderManager::cancel_all(const OrderScope& scope, SimTime now) {
  CancelRound round;
  round.scope = scope;
  round.last_order = next_order_ - 1;
  round.start_time = round.end_time = now;
  for (std::size_t index = 0; index < open_.size(); ++index) {
    if (!scope.holds(open_[index].request)) continue;
    ++round.orders;
    cancel(open_[index].id, now);
  }
  if (round.orders == 0) {
    observer_.on_cancel_round(round);
  } else {
    rounds_.push_back(round);
  }
  return round.orders;
}

bool OrderManager::bot_is_in(const OrderScope& scope, BotIndex bot) const {
  OrderRequest any;
  any.bot = bot;
  any.strategy = positions_.bot(bot).strategy;
  any.symbol = positions_.bot(bot).symbol;
  return scope.holds(any);
}

void OrderManager::stop_out(const OrderScope& scope, SimTime now) {
  StopOut stop_out;
  stop_out.scope = scope;
  stop_out.start_time = now;
  for (BotIndex bot = 0; bot < positions_.bots(); ++bot) {
    if (!bot_is_in(scope, bot)) continue;
    if (positions_.bot_position(bot) != 0) ++stop_out.positions;
    if (!stopping_[bot]) ++stopping_count_;
    stopping_[bot] = true;
  }
  stop_outs_.push_back(stop_out);
  cancel_all(scope, now);
  flatten_ready(now);
}

void OrderManager::flatten_ready(SimTime now) {
  if (stop_outs_.empty()) return;
  for (BotIndex bot = 0; stopping_count_ > 0 && bot < positions_.bots(); ++bot) {
    if (stopping_[bot] && !positions_.bot_has_orders(bot)) flatten(bot, now);
  }
  close_stop_outs(now);
}

void OrderManager::flatten(BotIndex bot, SimTime now) {
  const double position = positions_.bot_position(bot);
  if (position == 0) {
    stopping_[bot] = false;
    --stopping_count_;
    return;
  }
  const BotPlace& place = positions_.bot(bot);
  const Quote* quote = positions_.valid_quote(place.symbol);
  if (quote == nullptr || !session_.connected()) return;
  OrderRequest request;
  request.bot = bot;
  request.strategy = place.strategy;
  request.symbol = place.symbol;
  request.side = position > 0 ? OrderSide::sell : OrderSide::buy;
  request.quantity = position > 0 ? position : -position;
  request.mid_at_intent = quote->mid();
  request.intent_time = now;
  request.flatten = true;
  submit(request, now);
}

void OrderManager::close_stop_outs(SimTime now) {
  const auto is_flat = [this](const StopOut& stop_out) {
    for (BotIndex bot = 0; bot < positions_.bots(); ++bot) {
      if (stopping_[bot] && bot_is_in(stop_out.scope, bot)) return false;
    }
    return true;
  };
  for (;;) {  // anew after each: the observer may begin another one
    const auto flat = std::find_if(stop_outs_.begin(), stop_outs_.end(), is_flat);
    if (flat == stop_outs_.end()) return;
    StopOut stop_out = *flat;
    stop_outs_.erase(flat);
    stop_out.end_time = std::max(stop_out.start_time, now);
    observer_.on_stop_out(stop_out);
  }
}

Order* OrderManager::find_open(OrderId id) {
  const auto found = std::lower_bound(open_.begin(), open_.end(), id, by_id);
  return found != open_.end() && found->id == id ? &*found : nullptr;
}

const Order* OrderManager::open_order(OrderId id) const {
  const auto found = std::lower_bound(open_.begin(), open_.end(), id, by_id);
  return found != open_.end() && found->id == id ? &*found : nullptr;
}

RejectReason OrderManager::may_send(const OrderMessage& order) {
  return gate_.killed(order.strategy) && !order.flatten ? RejectReason::kill_switch : RejectReason::none;
}

TradingRecord OrderManager::record() const {
  TradingRecord record;
  record.positions = positions_.symbol_positions();
  for (const Order& order : open_) {
    if (order.send_time != 0) record.orders.push_back({order.id, order.request.symbol, order.remaining()});
  }
  return record;
}

TradingRecord OrderManager::venue_record() const {
  return {venue_.positions(), venue_.working_orders()};
}

void OrderManager::restore_position(BotIndex bot, double quantity) {
  positions_.set_bot_position(bot, quantity);
  const SymbolIndex symbol = positions_.bot(bot).symbol;
  venue_.set_position(symbol, positions_.symbol_position(symbol));
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
