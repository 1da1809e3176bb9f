// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

/// Played between two chances for visitors: well under a millisecond.
constexpr int events_in_batch = 256;
constexpr std::chrono::milliseconds report_every{100};
constexpr std::uint32_t messages_of_a_burst = 60;
constexpr std::uint64_t lost_of_gaps = 20;
constexpr SimTime lag_of_fault = 6 * nanoseconds_per_second;

std::vector<BotSettings> bots_of(const Market& market, const TradingSettings& settings) {
  std::vector<BotSettings> bots;
  for (SymbolIndex symbol = 0; symbol < market.symbols.size(); ++symbol) {
    const auto strategy = static_cast<StrategyIndex>(symbol % settings.strategies.size());
    bots.push_back({"bot-" + market.symbols[symbol], strategy, symbol});
  }
  return bots;
}

}  // namespace

Desk::Visit::Visit(const Desk& desk) {
  ++desk.visitors_;
  lock_ = std::unique_lock{desk.mutex_};
  --desk.visitors_;
}

Desk::Desk(Market market, const DeskSettings& settings, KillSwitch& kill, const Clock& clock, Sleeper& sleeper,
           DeskObserver& observer, Supervisor::Tell tell)
    : market_(std::move(market)),
      settings_(settings),
      kill_(kill),
      clock_(clock),
      observer_(observer),
      tell_(std::move(tell)),
      faults_(clock),
      pacer_(clock, settings.speed, market_.longest_pause),
      monitor_(market_, observer),
      bots_(bots_of(market_, settings.trading)),
      account_(market_.symbols, bots_, settings.venue, market_.benchmark, settings.trading, kill, clock, observer),
      supervisor_(market_.symbols, settings.engine, {account_, faults_, clock, sleeper, observer}, tell_),
      recording_began_(clock.monotonic()) {
  supervisor_.start_all();
  observer_.on_snapshot(take_snapshot());
}

void Desk::tell(const std::string& text) const {
  if (tell_) tell_(text);
}

void Desk::begin_recording_anew() {
  // Its end is the end of a session: nothing is carried over.
  account_.close_all(sim_time_);
  supervisor_.forget_market();
  const auto now = clock_.monotonic();
  observer_.on_replay_finished(now - std::exchange(recording_began_, now));
}

void Desk::play(MarketEvent event) {
  const auto arrived = clock_.monotonic();
  if (event.restart) begin_recording_anew();
  if (faults_.active(Fault::silence)) return;
  if (++offered_ % lost_of_gaps == 0 && faults_.active(Fault::gaps)) return;
  if (event.exchange_time != 0 && faults_.active(Fault::lag)) event.exchange_time -= lag_of_fault;
  if (faults_.active(Fault::bad_data)) bad_data_.spoil(event);
  ++events_;
  observer_.on_event(event);
  if (!monitor_.take(event).usable) return;
  sim_time_ = event.local_time;
  account_.on_market(event, monitor_.quality(event.symbol));
  // The others' marks can go stale without an event of theirs: one of them is looked at with each event.
  const auto other = static_cast<SymbolIndex>(events_ % market_.symbols.size());
  account_.set_quality(other, monitor_.quality(other));

  const std::uint64_t submitted = account_.orders().statistics().all().submitted;
  supervisor_.deliver(event);
  if (account_.orders().statistics().all().submitted != submitted) {
    observer_.on_tick_to_trade(clock_.monotonic() - arrived);
  }
  account_.judge(event.local_time);
}

void Desk::apply_faults() {
  faults_.expire();
  OrderManager& orders = account_.orders();
  orders.venue().set_reject_share(faults_.active(Fault::reject) ? 0.5 : 0);
  orders.venue().set_extra_latency(faults_.active(Fault::slow) ? 300 * nanoseconds_per_millisecond : 0);
  orders.venue().lose_fill_reports(faults_.active(Fault::lost_fill) ? UINT32_MAX : 0);
  const bool cut = faults_.active(Fault::disconnect);
  if (cut && !disconnected_by_fault_) orders.session().disconnect(sim_time_, PaperVenue::never - sim_time_);
  if (!cut && disconnected_by_fault_) orders.session().end_outage(sim_time_);
  disconnected_by_fault_ = cut;
  if (faults_.active(Fault::leak)) {
    leak_.grow(clock_.monotonic());
  } else {
    leak_.release();
  }
}

void Desk::report_if_due() {
  const auto now = clock_.monotonic();
  if (last_report_ && now - *last_report_ < report_every) return;
  last_report_ = now;
  if (const auto simulated = pacer_.now()) monitor_.advance(*simulated);
  apply_faults();
  supervisor_.report();
  observer_.on_snapshot(take_snapshot());
}

std::optional<std::chrono::nanoseconds> Desk::step() {
  const std::lock_guard lock{mutex_};
  for (int played = 0; played < events_in_batch; ++played) {
    if (!next_) {
      MarketEvent event;
      if (!market_.source->next(event)) {
        report_if_due();
        return std::nullopt;
      }
      next_ = event;
    }
    const auto wait = pacer_.until_due(*next_);
    if (wait > std::chrono::nanoseconds::zero()) {
      report_if_due();
      return std::min<std::chrono::nanoseconds>(wait, report_every);
    }
    play(*std::exchange(next_, std::nullopt));
  }
  report_if_due();
  return std::chrono::nanoseconds::zero();
}

void Desk::let_visitors_in() const {
  // A mutex is not fair: without this the desk's thread could take it again and again before a waiting visitor.
  while (visitors_ > 0) std::this_thread::yield();
}

void Desk::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto wait = step();
    if (!wait) break;
    let_visitors_in();
    if (*wait == std::chrono::nanoseconds::zero()) continue;
    std::unique_lock lock{mutex_};
    wake_.wait_for(lock, stop, *wait, [] { return false; });
  }
  const Visit visit{*this};
  supervisor_.stop_all(sim_time_);
  account_.close_all(sim_time_);
  observer_.on_snapshot(take_snapshot());
}

Result<void> Desk::start(std::string_view symbol) {
  const Visit visit{*this};
  return supervisor_.start(symbol);
}

Result<void> Desk::stop(std::string_view symbol) {
  const Visit visit{*this};
  return supervisor_.stop(symbol, sim_time_);
}

Result<void> Desk::crash(std::string_view symbol) {
  const Visit visit{*this};
  return supervisor_.crash(symbol);
}

Result<void> Desk::pause(std::string_view symbol) {
  const Visit visit{*this};
  return supervisor_.pause(symbol);
}

Result<void> Desk::resume(std::string_view symbol) {
  const Visit visit{*this};
  return supervisor_.resume(symbol);
}

bool Desk::knows(std::string_view symbol) const {
  const Visit visit{*this};
  return supervisor_.knows(symbol);
}

std::vector<Order> Desk::orders(std::size_t most) const {
  const Visit visit{*this};
  const std::vector<Order>& open = account_.orders().open_orders();
  std::vector<Order> list(open.rbegin(), open.rbegin() + static_cast<std::ptrdiff_t>(std::min(most, open.size())));
  const std::vector<Order> ended = account_.orders().recent_orders(most - list.size());
  list.insert(list.end(), ended.begin(), ended.end());
  return list;
}

std::vector<Fill> Desk::fills(std::size_t most) const {
  const Visit visit{*this};
  return account_.orders().recent_fills(most);
}

Result<void> Desk::cancel(OrderId order) {
  const Visit visit{*this};
  if (account_.orders().cancel(order, sim_time_)) return {};
  return Error{fmt::format("no open order {}", order)};
}

Result<void> Desk::enable_strategy(std::string_view strategy, std::string_view reason) {
  const Visit visit{*this};
  const auto& strategies = settings_.trading.strategies;
  for (StrategyIndex i = 0; i < strategies.size(); ++i) {
    if (strategies[i].name == strategy) return account_.orders().gate().enable(i, "operator", reason);
  }
  return Error{fmt::format("no strategy '{}'", strategy)};
}

Result<void> Desk::begin_fault(Fault fault, const std::string& symbol, std::optional<std::chrono::nanoseconds> lasts) {
  const Visit visit{*this};
  tell(fmt::format("fault {} begins{}", name(fault), symbol.empty() ? "" : " for " + symbol));
  switch (fault) {
    case Fault::crash:
      if (!symbol.empty()) return supervisor_.crash(symbol);
      for (const std::string& each : market_.symbols) static_cast<void>(supervisor_.crash(each));
      return {};
    case Fault::pacing:
      account_.orders().session().burst(messages_of_a_burst, sim_time_);
      return {};
    default:
      faults_.begin(fault, symbol, lasts);
      apply_faults();
      return {};
  }
}

bool Desk::end_fault(Fault fault) {
  const Visit visit{*this};
  const bool was_on = faults_.end(fault);
  apply_faults();
  if (was_on) tell(fmt::format("fault {} ends", name(fault)));
  return was_on;
}

std::uint64_t Desk::events() const {
  const Visit visit{*this};
  return events_;
}

std::uint64_t Desk::input_faults(InputFault kind) const {
  const Visit visit{*this};
  return market_.faults->total(kind);
}

SimTime Desk::sim_time() const {
  const Visit visit{*this};
  return sim_time_;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
