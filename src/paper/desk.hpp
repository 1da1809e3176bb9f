// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "paper/engine.hpp"
#include "paper/feed/market.hpp"
#include "paper/feed/pacer.hpp"
#include "paper/feed/validator.hpp"
#include "paper/portfolio/account.hpp"
#include "paper/supervisor.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct DeskSettings {
  std::optional<double> speed = 1.0;  ///< times real time; none: as fast as it goes
  EngineSettings engine{};
  PortfolioSettings portfolio{};
  StopLimits limits{};
};

/// The paper desk: replay → validate → engine → account, and the supervisor over the engines.
///
///     Desk desk{std::move(market), settings, Clock::system(), observer, log};
///     std::jthread thread{[&](std::stop_token stop) { desk.run(stop); }};
///     desk.crash("BTCUSDT");
///
/// One thread runs all engines. Their events are merged by time anyway, so that a replay gives the same trades at every
/// speed and on every machine, the portfolio has one order of events, and no lock is taken between two
/// events; an engine that crashes is an exception and leaves the others alone.
///
/// Threads: `step` and `run` from one; the rest from any, they wait for at most one batch of events.
class Desk {
 public:
  /// Starts all engines. `clock` and `observer` must outlive the desk.
  Desk(Market market, DeskSettings settings, const Clock& clock, DeskObserver& observer, Supervisor::Tell tell = {});

  /// Plays what is due, up to a batch. Returns how long until there is more to do; nothing when the market has ended.
  std::optional<std::chrono::nanoseconds> step();

  /// Steps until asked to stop or the market ends, then stops all engines.
  void run(const std::stop_token& stop);

  Result<void> start(std::string_view symbol);
  Result<void> stop(std::string_view symbol);
  Result<void> crash(std::string_view symbol);
  bool knows(std::string_view symbol) const;

  std::vector<EngineView> engines() const;
  /// Also tells the observer, as the documents promise: asking for the summary exports it.
  RiskSummary risk() const;
  /// `reason` is told to the log. An error when the stop is not active or no reason is given.
  Result<void> reset_global_stop(std::string_view reason);

  std::uint64_t events() const;
  std::uint64_t faults(InputFault kind) const;
  SimTime sim_time() const;  ///< of the last event

 private:
  /// Takes the lock before the desk's thread gets it back.
  class Visit {
   public:
    explicit Visit(const Desk& desk);

   private:
    std::unique_lock<std::mutex> lock_;
  };

  void play(const MarketEvent& event);
  void report_if_due();
  void let_visitors_in() const;

  Market market_;
  const Clock& clock_;
  DeskObserver& observer_;
  Supervisor::Tell tell_;
  Pacer pacer_;
  Validator validator_;
  Account account_;
  Supervisor supervisor_;

  std::optional<MarketEvent> next_;
  std::uint64_t events_ = 0;
  SimTime sim_time_ = 0;
  std::optional<std::chrono::nanoseconds> last_report_;
  bool stop_was_active_ = false;

  mutable std::mutex mutex_;
  mutable std::atomic<int> visitors_{0};
  std::condition_variable_any wake_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
