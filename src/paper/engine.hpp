// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/sleeper.hpp>
#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "paper/desk_observer.hpp"
#include "paper/faults.hpp"
#include "paper/signal/features.hpp"
#include "paper/signal/online_model.hpp"
#include "paper/signal/signal.hpp"
#include "paper/trading_account.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// In simulated time.
struct EngineSettings {
  SimTime evaluate_every = nanoseconds_per_second / 4;  ///< at most one decision in this time
  SimTime hold_at_least = 20 * nanoseconds_per_second;  ///< between two trades of the engine's own will
  SignalGate::Thresholds thresholds;
};

/// What all engines share. All must outlive them.
struct EngineSurroundings {
  TradingAccount& account;
  const FaultBoard& faults;
  const Clock& clock;  ///< our own time: uptime, heartbeat, latency
  Sleeper& sleeper;    ///< for the fault `slow`
  DeskObserver& observer;
};

/// Trades one symbol: takes an event, keeps the features, evaluates the model at its pace, decides, trades.
///
/// `cycle` throws when something is wrong inside; the supervisor catches it and tells the engine `crashed()`. The
/// heartbeat is set only at the end of a cycle, so that an engine that hangs or throws has an old one.
///
/// Threads: use from one.
class Engine {
 public:
  Engine(SymbolIndex symbol, std::string name, BotIndex bot, const EngineSettings& settings,
         const EngineSurroundings& surroundings);

  void start();            ///< with nothing learnt and nothing remembered but its count of errors
  void stop(SimTime now);  ///< gives its position up
  void crashed();          ///< keeps its position, as a process that dies does
  void pause(bool paused) noexcept { paused_ = paused; }  ///< it goes on looking, and trades no more

  /// A named fault: the next cycle throws.
  void arm_crash() noexcept { crash_armed_ = true; }

  /// One event. Only while running.
  void cycle(const MarketEvent& event);

  /// The market begins again: prices do not follow from those before.
  void forget_market();

  const std::string& name() const noexcept { return name_; }
  SymbolIndex symbol() const noexcept { return symbol_; }
  EngineStatus status() const noexcept { return status_; }
  bool paused() const noexcept { return paused_; }
  EngineHealth health() const;
  Side side() const noexcept { return side_; }  ///< as decided last
  double mid() const noexcept { return features_.mid(); }
  const Prediction& prediction() const noexcept { return prediction_; }

 private:
  void evaluate(SimTime now);
  void follow(Side side, SimTime now);

  SymbolIndex symbol_;
  std::string name_;
  BotIndex bot_;
  EngineSettings settings_;
  EngineSurroundings around_;

  EngineStatus status_ = EngineStatus::stopped;
  bool paused_ = false;
  std::chrono::nanoseconds started_{};
  std::chrono::nanoseconds heartbeat_{};
  std::uint64_t errors_ = 0;
  bool crash_armed_ = false;

  FeatureState features_;
  OnlineModel model_;
  SignalGate gate_;
  Prediction prediction_;
  Side side_ = Side::flat;
  SimTime last_evaluation_ = 0;
  SimTime last_trade_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
