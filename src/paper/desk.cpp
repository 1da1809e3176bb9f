// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/desk.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <thread>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

/// Played between two chances for visitors: well under a millisecond.
constexpr int events_in_batch = 256;
constexpr std::chrono::milliseconds report_every{100};

}  // namespace

Desk::Visit::Visit(const Desk& desk) {
  ++desk.visitors_;
  lock_ = std::unique_lock{desk.mutex_};
  --desk.visitors_;
}

Desk::Desk(Market market, DeskSettings settings, const Clock& clock, DeskObserver& observer, Supervisor::Tell tell)
    : market_(std::move(market)),
      clock_(clock),
      observer_(observer),
      tell_(std::move(tell)),
      pacer_(clock, settings.speed),
      validator_(market_.symbols.size(), *market_.faults),
      account_(market_.symbols.size(), settings.portfolio, settings.limits),
      supervisor_(market_.symbols, settings.engine, account_, clock, observer, tell_) {
  market_.faults->observe([&observer](SymbolIndex symbol, InputFault kind) { observer.on_input_fault(symbol, kind); });
  supervisor_.start_all();
  observer_.on_risk(account_.summary());
}

void Desk::play(const MarketEvent& event) {
  if (event.restart) {
    // The recording begins again: its end is the end of a session, nothing is carried over.
    validator_.restart();
    account_.flatten();
    supervisor_.forget_market();
  }
  ++events_;
  observer_.on_event(event);
  const Verdict verdict = validator_.check(event);
  if (!verdict.usable) return;
  if (verdict.lag) observer_.on_lag(event.symbol, *verdict.lag);
  sim_time_ = event.local_time;
  account_.advance_to(event.local_time);
  if (event.kind == EventKind::book_ticker) account_.quote(event.symbol, event.bid, event.ask);
  supervisor_.deliver(event);

  const bool stop_is_active = account_.global_stop().active();
  if (stop_is_active && !stop_was_active_) {
    observer_.on_risk(account_.summary());
    if (tell_)
      tell_(
          fmt::format("global stop: {}; all positions are closed", fmt::join(account_.global_stop().reasons(), "; ")));
  }
  stop_was_active_ = stop_is_active;
}

void Desk::report_if_due() {
  const auto now = clock_.monotonic();
  if (last_report_ && now - *last_report_ < report_every) return;
  last_report_ = now;
  supervisor_.report();
  observer_.on_risk(account_.summary());
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
    play(*next_);
    next_.reset();
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
  supervisor_.stop_all();
  observer_.on_risk(account_.summary());
}

Result<void> Desk::start(std::string_view symbol) {
  const Visit visit{*this};
  return supervisor_.start(symbol);
}

Result<void> Desk::stop(std::string_view symbol) {
  const Visit visit{*this};
  return supervisor_.stop(symbol);
}

Result<void> Desk::crash(std::string_view symbol) {
  const Visit visit{*this};
  return supervisor_.crash(symbol);
}

bool Desk::knows(std::string_view symbol) const {
  const Visit visit{*this};
  return supervisor_.knows(symbol);
}

std::vector<EngineView> Desk::engines() const {
  const Visit visit{*this};
  return supervisor_.view();
}

RiskSummary Desk::risk() const {
  const Visit visit{*this};
  RiskSummary summary = account_.summary();
  observer_.on_risk(summary);
  return summary;
}

Result<void> Desk::reset_global_stop(std::string_view reason) {
  const Visit visit{*this};
  if (!account_.global_stop().active()) return Error{"the global stop is not active; there is nothing to reset"};
  if (reason.empty()) return Error{"a reset needs a reason"};
  account_.reset_global_stop();
  stop_was_active_ = false;
  observer_.on_risk(account_.summary());
  if (tell_) tell_(fmt::format("global stop reset: {}", reason));
  return {};
}

std::uint64_t Desk::events() const {
  const Visit visit{*this};
  return events_;
}

std::uint64_t Desk::faults(InputFault kind) const {
  const Visit visit{*this};
  return market_.faults->total(kind);
}

SimTime Desk::sim_time() const {
  const Visit visit{*this};
  return sim_time_;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
