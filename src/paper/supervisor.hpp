// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "paper/desk_observer.hpp"
#include "paper/engine.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// An engine as others see it.
struct EngineView {
  std::string symbol;
  EngineHealth health;
  Side side = Side::flat;
  double mid = 0;  ///< 0 before the first quote
  Prediction prediction;
};

/// Keeps one engine a symbol, gives each its events and notices when one crashes: an exception in a cycle is told,
/// counted and ends that engine alone; the others go on. A crashed or stopped engine may be started again.
///
/// Threads: use from one.
class Supervisor {
 public:
  using Tell = std::function<void(const std::string& text)>;

  Supervisor(const std::vector<std::string>& symbols, EngineSettings settings, Account& account, const Clock& clock,
             DeskObserver& observer, Tell tell = {});

  void deliver(const MarketEvent& event);

  /// Errors: no such symbol; already running, or (for stop and crash) not running.
  Result<void> start(std::string_view symbol);
  Result<void> stop(std::string_view symbol);
  Result<void> crash(std::string_view symbol);  ///< the engine's next cycle throws

  void start_all();
  void stop_all();
  void forget_market();

  bool knows(std::string_view symbol) const noexcept;
  std::vector<EngineView> view() const;

  /// Tells the observer how all are, running or not: their uptime moves on in a silent market too, their heartbeat
  /// does not.
  void report() const;

 private:
  Result<Engine*> find(std::string_view symbol);

  std::vector<Engine> engines_;
  DeskObserver& observer_;
  Tell tell_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
