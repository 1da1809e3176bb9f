// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/engine.hpp"

#include <cmath>
#include <stdexcept>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

Engine::Engine(SymbolIndex symbol, std::string name, EngineSettings settings, Account& account, const Clock& clock,
               DeskObserver& observer)
    : symbol_(symbol),
      name_(std::move(name)),
      settings_(settings),
      account_(account),
      clock_(clock),
      observer_(observer),
      gate_(settings.thresholds) {}

void Engine::start() {
  status_ = EngineStatus::running;
  started_ = clock_.monotonic();
  crash_armed_ = false;
  forget_market();
  model_ = {};
  prediction_ = {};
}

void Engine::stop() {
  status_ = EngineStatus::stopped;
  account_.move_to(symbol_, Side::flat);
}

void Engine::crashed() {
  status_ = EngineStatus::crashed;
  ++errors_;
}

void Engine::forget_market() {
  features_ = {};
  gate_ = SignalGate{settings_.thresholds};
  last_evaluation_ = last_trade_ = 0;
}

EngineHealth Engine::health() const {
  using Seconds = std::chrono::duration<double>;
  EngineHealth health;
  health.status = status_;
  if (status_ == EngineStatus::running) health.uptime_seconds = Seconds(clock_.monotonic() - started_).count();
  health.last_heartbeat_seconds = Seconds(heartbeat_).count();
  health.errors = errors_;
  return health;
}

void Engine::follow(Side side, SimTime now) {
  if (last_trade_ != 0 && now - last_trade_ < settings_.hold_at_least) return;
  if (account_.move_to(symbol_, side)) last_trade_ = now;
}

void Engine::evaluate(SimTime now) {
  const auto begin = clock_.monotonic();
  const Prediction prediction = model_.evaluate(now, features_.mid(), features_.sample(now));
  observer_.on_inference(symbol_, clock_.monotonic() - begin);
  if (!std::isfinite(prediction.prob_up)) throw std::runtime_error("the model's probability is not a number");
  prediction_ = prediction;
  const Side side = gate_.decide(prediction);
  observer_.on_signal(symbol_, prediction, side);
  follow(side, now);
}

void Engine::cycle(const MarketEvent& event) {
  if (std::exchange(crash_armed_, false)) throw std::runtime_error("fault injected: crash");
  features_.observe(event);
  if (features_.has_quote() && event.local_time - last_evaluation_ >= settings_.evaluate_every) {
    last_evaluation_ = event.local_time;
    evaluate(event.local_time);
  }
  heartbeat_ = clock_.wall();
  observer_.on_health(symbol_, health());
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
