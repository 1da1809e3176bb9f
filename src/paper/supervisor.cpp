// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/supervisor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

Supervisor::Supervisor(const std::vector<std::string>& symbols, const EngineSettings& settings,
                       const EngineSurroundings& surroundings, Tell tell)
    : around_(surroundings), tell_(std::move(tell)) {
  engines_.reserve(symbols.size());
  for (SymbolIndex i = 0; i < symbols.size(); ++i) engines_.emplace_back(i, symbols[i], i, settings, surroundings);
}

bool Supervisor::deliver(const MarketEvent& event) {
  Engine& engine = engines_.at(event.symbol);
  if (engine.status() != EngineStatus::running || around_.faults.active(Fault::stall, engine.name())) return false;
  std::string reason;
  try {
    engine.cycle(event);
    return true;
  } catch (const std::exception& exception) {
    reason = exception.what();
  } catch (...) {
    reason = "an exception of unknown kind";
  }
  engine.crashed();
  around_.observer.on_error("engine_crash");
  around_.observer.on_health(event.symbol, engine.health());
  if (tell_) tell_(fmt::format("{}: engine crashed: {}", engine.name(), reason));
  return false;
}

Result<Engine*> Supervisor::find(std::string_view symbol) {
  const auto found =
      std::find_if(engines_.begin(), engines_.end(), [&](const Engine& engine) { return engine.name() == symbol; });
  if (found == engines_.end()) return Error{fmt::format("no engine for {}; /engines/status lists them", symbol)};
  return &*found;
}

Result<Engine*> Supervisor::find_running(std::string_view symbol) {
  auto found = find(symbol);
  if (found && (*found)->status() != EngineStatus::running) return Error{fmt::format("{} is not running", symbol)};
  return found;
}

bool Supervisor::knows(std::string_view symbol) const noexcept {
  return std::any_of(engines_.begin(), engines_.end(), [&](const Engine& engine) { return engine.name() == symbol; });
}

Result<void> Supervisor::start(std::string_view symbol) {
  const auto found = find(symbol);
  if (!found) return found.error();
  if ((*found)->status() == EngineStatus::running) return Error{fmt::format("{} is already running", symbol)};
  (*found)->start();
  report();
  return {};
}

Result<void> Supervisor::stop(std::string_view symbol, SimTime now) {
  const auto found = find_running(symbol);
  if (!found) return found.error();
  (*found)->stop(now);
  report();
  return {};
}

Result<void> Supervisor::crash(std::string_view symbol) {
  const auto found = find_running(symbol);
  if (!found) return found.error();
  (*found)->arm_crash();
  return {};
}

Result<void> Supervisor::pause(std::string_view symbol) {
  const auto found = find_running(symbol);
  if (!found) return found.error();
  if ((*found)->paused()) return Error{fmt::format("{} is paused already", symbol)};
  (*found)->pause(true);
  return {};
}

Result<void> Supervisor::resume(std::string_view symbol) {
  const auto found = find_running(symbol);
  if (!found) return found.error();
  if (!(*found)->paused()) return Error{fmt::format("{} is not paused", symbol)};
  (*found)->pause(false);
  return {};
}

void Supervisor::start_all() {
  for (Engine& engine : engines_) engine.start();
  report();
}

void Supervisor::stop_all(SimTime now) {
  for (Engine& engine : engines_) {
    if (engine.status() == EngineStatus::running) engine.stop(now);
  }
  report();
}

void Supervisor::forget_market() {
  for (Engine& engine : engines_) engine.forget_market();
}

void Supervisor::report() const {
  for (const Engine& engine : engines_) around_.observer.on_health(engine.symbol(), engine.health());
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
