// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/supervisor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

Supervisor::Supervisor(const std::vector<std::string>& symbols, EngineSettings settings, Account& account,
                       const Clock& clock, DeskObserver& observer, Tell tell)
    : observer_(observer), tell_(std::move(tell)) {
  engines_.reserve(symbols.size());
  for (SymbolIndex i = 0; i < symbols.size(); ++i) {
    engines_.emplace_back(i, symbols[i], settings, account, clock, observer);
  }
}

void Supervisor::deliver(const MarketEvent& event) {
  Engine& engine = engines_.at(event.symbol);
  if (engine.status() != EngineStatus::running) return;
  std::string reason;
  try {
    engine.cycle(event);
    return;
  } catch (const std::exception& exception) {
    reason = exception.what();
  } catch (...) {
    reason = "an exception of unknown kind";
  }
  engine.crashed();
  observer_.on_health(event.symbol, engine.health());
  if (tell_) tell_(fmt::format("{}: engine crashed: {}", engine.name(), reason));
}

Result<Engine*> Supervisor::find(std::string_view symbol) {
  const auto found =
      std::find_if(engines_.begin(), engines_.end(), [&](const Engine& engine) { return engine.name() == symbol; });
  if (found == engines_.end()) return Error{fmt::format("no engine for {}; /engines/status lists them", symbol)};
  return &*found;
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

Result<void> Supervisor::stop(std::string_view symbol) {
  const auto found = find(symbol);
  if (!found) return found.error();
  if ((*found)->status() != EngineStatus::running) return Error{fmt::format("{} is not running", symbol)};
  (*found)->stop();
  report();
  return {};
}

Result<void> Supervisor::crash(std::string_view symbol) {
  const auto found = find(symbol);
  if (!found) return found.error();
  if ((*found)->status() != EngineStatus::running) return Error{fmt::format("{} is not running", symbol)};
  (*found)->arm_crash();
  return {};
}

void Supervisor::start_all() {
  for (Engine& engine : engines_) engine.start();
  report();
}

void Supervisor::stop_all() {
  for (Engine& engine : engines_) {
    if (engine.status() == EngineStatus::running) engine.stop();
  }
  report();
}

void Supervisor::forget_market() {
  for (Engine& engine : engines_) engine.forget_market();
}

std::vector<EngineView> Supervisor::view() const {
  std::vector<EngineView> views;
  views.reserve(engines_.size());
  for (const Engine& engine : engines_) {
    views.push_back({engine.name(), engine.health(), engine.side(), engine.mid(), engine.prediction()});
  }
  return views;
}

void Supervisor::report() const {
  for (SymbolIndex i = 0; i < engines_.size(); ++i) observer_.on_health(i, engines_[i].health());
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
