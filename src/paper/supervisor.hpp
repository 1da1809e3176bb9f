// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "paper/desk_observer.hpp"
#include "paper/engine.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Keeps one engine a symbol, gives each its events and notices when one crashes: an exception in a cycle is told,
/// counted and ends that engine alone; the others go on. A crashed or stopped engine may be started again.
///
/// Threads: use from one.
class Supervisor {
 public:
  using Tell = std::function<void(const std::string& text)>;

  /// Engine i trades symbol i as bot i.
  Supervisor(const std::vector<std::string>& symbols, const EngineSettings& settings,
             const EngineSurroundings& surroundings, Tell tell = {});

  /// True where an engine completed a cycle.
  bool deliver(const MarketEvent& event);

  /// Errors: no such symbol; already so, or (for all but start) not running.
  Result<void> start(std::string_view symbol);
  Result<void> stop(std::string_view symbol, SimTime now);
  Result<void> crash(std::string_view symbol);  ///< the engine's next cycle throws
  Result<void> pause(std::string_view symbol);
  Result<void> resume(std::string_view symbol);

  void start_all();
  void stop_all(SimTime now);
  void forget_market();

  bool knows(std::string_view symbol) const noexcept;
  const std::vector<Engine>& engines() const noexcept { return engines_; }

  /// Tells the observer how all are, running or not: their uptime moves on in a silent market too, their heartbeat
  /// does not.
  void report() const;

 private:
  Result<Engine*> find(std::string_view symbol);
  Result<Engine*> find_running(std::string_view symbol);

  std::vector<Engine> engines_;
  EngineSurroundings around_;
  Tell tell_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
