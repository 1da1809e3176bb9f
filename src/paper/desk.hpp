// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/clock.hpp>
#include <bellwether/kill_switch.hpp>
#include <bellwether/result.hpp>
#include <bellwether/sleeper.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "paper/bad_data.hpp"
#include "paper/desk_observer.hpp"
#include "paper/engine.hpp"
#include "paper/faults.hpp"
#include "paper/feed/feed_monitor.hpp"
#include "paper/feed/market.hpp"
#include "paper/feed/pacer.hpp"
#include "paper/leak.hpp"
#include "paper/snapshot.hpp"
#include "paper/supervisor.hpp"
#include "paper/trading_account.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct DeskSettings {
  std::optional<double> speed = 1.0;  ///< times real time; none: as fast as it goes
  std::string venue = "paper";        ///< name of the venue that takes the orders
  EngineSettings engine{};
  TradingSettings trading{};
  std::string token;  ///< proves to the kill switch that a reset is meant; see `token_authorizer`
};

/// The settings that suit a market: a second of ticks, a minute bar or a day is the period of its statistics.
DeskSettings settings_for(const Market& market);

/// The paper desk: replay → validate → signal → allocate → risk → order → paper venue → portfolio → statistics → kill
/// switches, and the supervisor over the engines.
///
///     KillSwitch kill{{.state_file = "state/kill", .audit_file = "state/kill.audit", .authorizer = token_authorizer(token)}};
///     Desk desk{std::move(market), settings, kill, Clock::system(), Sleeper::system(), observer, log};
///     std::jthread thread{[&](std::stop_token stop) { desk.run(stop); }};
///     desk.begin_fault(Fault::crash, "BTCUSDT");
///
/// One thread runs all engines. Their events are merged by time anyway, so that a replay gives the same trades at every
/// speed and on every machine, the portfolio has one order of events, and no lock is taken between two
/// events; an engine that crashes is an exception and leaves the others alone.
///
/// Threads: `step` and `run` from one; the rest from any, they wait for at most one batch of events.
class Desk {
 public:
  /// Starts all engines. References must outlive the desk. Throws `Exception` for bad settings.
  Desk(Market market, const DeskSettings& settings, KillSwitch& kill, const Clock& clock, Sleeper& sleeper,
       DeskObserver& observer, Supervisor::Tell tell = {});

  /// Plays what is due, up to a batch. Returns how long until there is more to do; nothing when the market has ended.
  std::optional<std::chrono::nanoseconds> step();

  /// Steps until asked to stop or the market ends, then stops all engines.
  void run(const std::stop_token& stop);

  // Engines, by symbol. Errors say what does not fit.
  Result<void> start(std::string_view symbol);
  Result<void> stop(std::string_view symbol);
  Result<void> crash(std::string_view symbol);
  Result<void> pause(std::string_view symbol);
  Result<void> resume(std::string_view symbol);
  bool knows(std::string_view symbol) const;

  DeskSnapshot snapshot() const;
  /// The same, told to the observer as well: who asks for the summary exports it, as the documents promise.
  DeskSnapshot report() const;

  std::vector<Order> orders(std::size_t most) const;  ///< open ones, then the newest that have ended
  std::vector<Fill> fills(std::size_t most) const;    ///< the newest first
  Result<void> cancel(OrderId order);
  Result<void> enable_strategy(std::string_view strategy, std::string_view reason);

  /// A person's stop: latches the whole desk.
  Result<void> trip(const std::string& reason);
  /// Lifts the latches of this type, or all for an empty one. `token` as for the kill switch.
  Result<void> reset(const std::string& type, const std::string& actor, const std::string& token,
                     const std::string& reason);
  Result<std::vector<std::string>> audit(std::size_t most) const;
  /// To be called by the kill switch's `on_trip`, on any thread.
  void on_trip(const KillLatch& latch, const std::string& message);

  FaultBoard& faults() noexcept { return faults_; }
  const FaultBoard& faults() const noexcept { return faults_; }
  /// Momentary faults happen now, the others last until `end_fault` or their time is over. No symbol: all.
  Result<void> begin_fault(Fault fault, const std::string& symbol,
                           std::optional<std::chrono::nanoseconds> lasts = std::nullopt);
  bool end_fault(Fault fault);

  std::uint64_t events() const;
  std::uint64_t input_faults(InputFault kind) const;
  SimTime sim_time() const;  ///< of the last event

 private:
  /// Takes the lock before the desk's thread gets it back.
  class Visit {
   public:
    explicit Visit(const Desk& desk);

   private:
    std::unique_lock<std::mutex> lock_;
  };

  void play(MarketEvent event);
  void begin_recording_anew();
  void report_if_due();
  void apply_faults();
  DeskSnapshot take_snapshot() const;
  void let_visitors_in() const;
  void tell(const std::string& text) const;

  Market market_;
  DeskSettings settings_;
  KillSwitch& kill_;
  const Clock& clock_;
  DeskObserver& observer_;
  Supervisor::Tell tell_;
  FaultBoard faults_;
  BadData bad_data_;
  Leak leak_;
  Pacer pacer_;
  FeedMonitor monitor_;
  std::vector<BotSettings> bots_;
  TradingAccount account_;
  Supervisor supervisor_;

  std::optional<MarketEvent> next_;
  std::uint64_t events_ = 0;
  std::uint64_t offered_ = 0;  // those that a fault lost are not in `events_`
  SimTime sim_time_ = 0;
  std::optional<std::chrono::nanoseconds> last_report_;
  std::chrono::nanoseconds recording_began_{};
  bool disconnected_by_fault_ = false;

  mutable std::mutex mutex_;
  mutable std::atomic<int> visitors_{0};
  std::condition_variable_any wake_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
