// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/trading_account.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

/// A change of less than this share of the target is not worth an order.
constexpr double least_change = 0.05;
/// What closing all may take in simulated time: acknowledgements, cancels, and fills in pieces.
constexpr int closing_seconds = 120;

OrderPlaces places_of(std::size_t symbols, const std::vector<BotSettings>& bots, const std::string& venue,
                      const TradingSettings& settings, KillSwitch& kill) {
  OrderPlaces places;
  places.symbols = symbols;
  for (const BotSettings& bot : bots) places.bots.push_back({bot.strategy, bot.symbol});
  for (const StrategySettings& strategy : settings.strategies) places.gates.push_back(kill.gate(strategy.name, venue));
  return places;
}

Side opposite(Side side) noexcept {
  if (side == Side::flat) return side;
  return side == Side::long_side ? Side::short_side : Side::long_side;
}

}  // namespace

TradingAccount::TradingAccount(const std::vector<std::string>& symbols, std::vector<BotSettings> bots,
                               const std::string& venue, std::optional<SymbolIndex> benchmark,
                               const TradingSettings& settings, KillSwitch& kill, const Clock& clock,
                               DeskObserver& observer)
    : symbols_(symbols),
      bots_(std::move(bots)),
      benchmark_(benchmark),
      settings_(settings),
      clock_(clock),
      observer_(observer),
      random_(settings.seed),
      book_(symbols.size(), settings.start_cash),
      orders_(places_of(symbols.size(), bots_, venue, settings, kill), settings.orders, random_, observer),
      allocator_(symbols.size(), settings.allocation),
      correlations_(symbols.size()),
      regime_(settings.regime),
      performance_(settings.start_cash, settings.performance),
      risk_(kill, settings.start_cash, {.limits = settings.risk}),
      states_(bots_.size()) {
  orders_.on_fill([this](const Fill& fill) { on_fill(fill); });
  orders_.gate().set_equity(settings.start_cash);
}

void TradingAccount::on_fill(const Fill& fill) {
  if (!book_.apply(fill)) observer_.on_error("order_book");
  ++states_.at(fill.bot).trades;
}

void TradingAccount::on_market(const MarketEvent& event, MarkQuality quality) {
  const SimTime now = event.local_time;
  const TradingDay day = TradingDay::utc(now);
  if (day_ && *day_ != day) close_day();
  day_ = day;
  book_.enter_day(day);

  orders_.advance_to(now);
  if (event.kind == EventKind::split) {
    if (book_.apply_split(event.symbol, event.quantity)) {
      for (BotIndex bot = 0; bot < bots_.size(); ++bot) {
        if (bots_[bot].symbol != event.symbol) continue;
        orders_.restore_position(bot, orders_.positions().bot_position(bot) * event.quantity);
      }
    }
  }
  if (event.bid > 0) {
    book_.mark(event.symbol, event.bid, event.ask);
    orders_.on_quote(event.symbol, {event.bid, event.ask, event.bid_quantity, event.ask_quantity, now}, now);
  }
  if (event.kind == EventKind::trade) orders_.on_trade(event.symbol, event.price, event.quantity, now);
  book_.set_quality(event.symbol, quality);
  orders_.gate().set_equity(book_.equity());
}

void TradingAccount::judge(SimTime now) {
  const double equity = book_.equity();
  const MarkQuality worst = book_.worst_quality();
  if (worst == MarkQuality::good) performance_.observe(equity);
  risk_.observe(equity, worst);
  stop_if_asked(now);
  cancel_old_limits(now);
  api_rate_ = orders_.session().api_rate(now);
  if (!next_period_ || now >= *next_period_) close_period(now);
  if (!next_reconciliation_ || now >= *next_reconciliation_) reconcile(now);
  day_end_equity_ = equity;
  if (benchmark_ && book_.mark_of(*benchmark_) > 0) day_end_benchmark_ = book_.mark_of(*benchmark_);
}

void TradingAccount::close_day() {
  if (day_end_equity_ <= 0) return;
  performance_.close_period(day_end_equity_, day_end_benchmark_);
  risk_.close_period(day_end_equity_, book_.worst_quality());
  risk_.start_day();
}

void TradingAccount::close_period(SimTime now) {
  next_period_ = now + settings_.period;
  std::vector<double> prices(symbols_.size());
  for (SymbolIndex symbol = 0; symbol < prices.size(); ++symbol) prices[symbol] = book_.mark_of(symbol);
  for (std::size_t begun = correlations_.close_period(prices).size(); begun > 0; --begun) {
    observer_.on_correlation_breakdown();
  }
  if (regime_.close_period(prices[benchmark_.value_or(0)]) && !orders_.gate().set_exposure_limits(regime_.limits())) {
    observer_.on_error("exposure_limits");
  }
  rebalance_if_due(now);
}

void TradingAccount::rebalance_if_due(SimTime now) {
  if (!allocator_.is_due(now)) return;
  std::vector<std::span<const double>> returns;
  for (SymbolIndex symbol = 0; symbol < symbols_.size(); ++symbol) returns.push_back(correlations_.returns_of(symbol));
  if (returns.front().size() < settings_.allocation.minimum_samples) return;  // the beginning is no failure
  for (const std::string& symbol : symbols_) orders_.session().request_history("bars of " + symbol, symbol, now);
  const auto begin = clock_.monotonic();
  const auto failure = allocator_.rebalance(now, returns);
  observer_.on_rebalance(clock_.monotonic() - begin, !failure);
  if (!failure) ++weights_version_;
}

void TradingAccount::reconcile(SimTime now) {
  next_reconciliation_ = now + settings_.reconcile_every;
  const auto begin = clock_.monotonic();
  const ReconciliationResult result = reconciliation_.run(orders_.record(), orders_.venue_record(), now);
  ++reconciliations_;
  reconciled_at_ = std::chrono::duration<double>(clock_.wall()).count();
  observer_.on_reconciliation(result, clock_.monotonic() - begin);
  if (!result.breaks.empty()) orders_.request_lost_reports(now);
}

double TradingAccount::target_quantity(BotIndex bot, Side side, double mid) const {
  if (side == Side::flat) return 0;
  const double share = allocator_.weight(bots_[bot].symbol) * settings_.invested;
  const double value = std::min(share * std::max(book_.equity(), 0.0), settings_.position_cap);
  return (side == Side::long_side ? value : -value) / mid;
}

bool TradingAccount::follow(BotIndex bot, Side side, SimTime now) {
  BotState& state = states_.at(bot);
  const BotSettings& place = bots_[bot];
  const bool reverts = settings_.strategies.at(place.strategy).kind == StrategyKind::mean_reversion;
  if (reverts) side = opposite(side);
  if (state.side == side && state.weights_version == weights_version_) return false;
  if (orders_.positions().bot_has_orders(bot)) return false;
  const Quote* const quote = orders_.positions().valid_quote(place.symbol);
  if (quote == nullptr) return false;

  const double mid = quote->mid();
  const double target = target_quantity(bot, side, mid);
  const double change = target - orders_.positions().bot_position(bot);
  state.side = side;
  state.weights_version = weights_version_;
  if (std::abs(change) <= least_change * std::abs(target)) return false;

  OrderRequest request;
  request.bot = bot;
  request.strategy = place.strategy;
  request.symbol = place.symbol;
  request.side = change > 0 ? OrderSide::buy : OrderSide::sell;
  request.quantity = std::abs(change);
  request.mid_at_intent = mid;
  request.intent_time = now;
  // A position is left at once; only entering waits for the market to come.
  if (reverts && side != Side::flat) {
    request.type = OrderType::limit;
    request.limit_price = change > 0 ? quote->bid : quote->ask;
  }
  const auto begin = clock_.monotonic();
  const OrderManager::SubmitResult result = orders_.submit(request, now);
  observer_.on_placement(clock_.monotonic() - begin);
  if (result.accepted() && request.type == OrderType::limit) {
    state.working_limit = result.id;
    state.limit_since = now;
  }
  return true;
}

void TradingAccount::cancel_old_limits(SimTime now) {
  for (BotState& state : states_) {
    if (state.working_limit == 0 || now - state.limit_since < settings_.limit_order_life) continue;
    if (orders_.cancel(state.working_limit, now)) state.weights_version = 0;  // what was not taken is tried again
    state.working_limit = 0;
  }
}

void TradingAccount::close(BotIndex bot, SimTime now) {
  states_.at(bot) = {Side::flat, 0, 0, 0, states_.at(bot).trades};
  orders_.stop_out(OrderScope::bot(bot), now);
}

void TradingAccount::close_all(SimTime now) {
  for (BotIndex bot = 0; bot < bots_.size(); ++bot) close(bot, now);
  // Larger positions than what is quoted take several quotes: the last ones are quoted again.
  for (int second = 1; second <= closing_seconds; ++second) {
    const SimTime then = now + second * nanoseconds_per_second;
    orders_.advance_to(then);
    if (book_.positions_open() == 0 && orders_.open_orders().empty()) return;
    for (SymbolIndex symbol = 0; symbol < symbols_.size(); ++symbol) {
      const Quote* const last = orders_.positions().valid_quote(symbol);
      if (last != nullptr) orders_.on_quote(symbol, Quote{*last}, then);
    }
  }
}

void TradingAccount::stop_if_asked(SimTime now) {
  if (!stop_requested_.exchange(false)) return;
  for (BotState& state : states_) state.side = Side::flat;
  orders_.stop_out(OrderScope::firm(), now);
}

void TradingAccount::describe(DeskSnapshot& snapshot) const {
  const PerformanceFigures& figures = performance_.figures();
  PortfolioView& portfolio = snapshot.portfolio;
  portfolio.start_equity = book_.start_cash();
  portfolio.equity = book_.equity();
  portfolio.cash = book_.cash();
  portfolio.realized_today = book_.realized_today();
  portfolio.unrealized = book_.pnl().unrealized;
  portfolio.realized_today_percent = book_.realized_today_percent().value_or(0);
  portfolio.pnl_cumulative = figures.pnl_cumulative.value_or(0);
  portfolio.pnl_daily = figures.pnl_daily.value_or(0);
  portfolio.positions_open = book_.positions_open();
  portfolio.gross_exposure = book_.gross_exposure().value_or(0);
  portfolio.net_exposure = book_.net_exposure().value_or(0);
  portfolio.largest_position_percent = book_.largest_position_percent().value_or(0);
  portfolio.win_rate = book_.round_trips().win_rate();
  portfolio.profit_factor = book_.round_trips().profit_factor();

  StatisticsView& statistics = snapshot.statistics;
  statistics.samples = figures.sharpe_samples;
  statistics.sharpe_30 = figures.sharpe_short;
  statistics.sharpe_90 = figures.sharpe_long;
  statistics.psr = figures.psr;
  statistics.volatility = figures.volatility;
  statistics.beta = figures.beta;
  statistics.var_95 = figures.value_at_risk;
  statistics.cvar_95 = figures.expected_shortfall;
  statistics.drawdown = figures.drawdown_current.value_or(0);
  statistics.worst_drawdown = figures.drawdown_historical.value_or(0);

  const RiskFlags flags = risk_.flags();
  RiskView& risk = snapshot.risk;
  risk.pnl = flags.pnl;
  risk.psr = flags.psr;
  risk.drawdown = flags.drawdown;
  risk.global_stop = flags.global;
  risk.regime = regime_.regime() ? name(*regime_.regime()) : name(Regime::normal);
  risk.gross_limit = regime_.limits().gross;
  risk.net_limit = regime_.limits().net;

  VenueView& venue = snapshot.venue;
  venue.connected = orders_.session().connected();
  venue.api_rate = api_rate_;
  venue.reject_ratio = orders_.statistics().latest_reject_ratio().value_or(0);
  venue.open_orders = orders_.open_orders().size();

  ReconciliationView& reconciliation = snapshot.reconciliation;
  reconciliation.runs = reconciliations_;
  reconciliation.last_run_seconds = reconciled_at_;
  reconciliation.coverage_percent = reconciliation_.last().coverage_percent;
  for (std::size_t kind = 0; kind < break_kinds; ++kind) {
    const auto each = static_cast<BreakKind>(kind);
    reconciliation.breaks.emplace_back(name(each), reconciliation_.last().count(each));
  }
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
