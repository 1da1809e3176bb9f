// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/engine.hpp"

#include <cmath>
#include <stdexcept>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr std::chrono::milliseconds slow_evaluation{150};

}  // namespace

Engine::Engine(SymbolIndex symbol, std::string name, BotIndex bot, const EngineSettings& settings,
               const EngineSurroundings& surroundings)
    : symbol_(symbol),
      name_(std::move(name)),
      bot_(bot),
      settings_(settings),
      around_(surroundings),
      gate_(settings.thresholds) {}

void Engine::start() {
  status_ = EngineStatus::running;
  paused_ = false;
  started_ = around_.clock.monotonic();
  crash_armed_ = false;
  forget_market();
  model_ = {};
  prediction_ = {};
}

void Engine::stop(SimTime now) {
  status_ = EngineStatus::stopped;
  side_ = Side::flat;
  around_.account.close(bot_, now);
}

void Engine::crashed() {
  status_ = EngineStatus::crashed;
  ++errors_;
}

void Engine::forget_market() {
  features_ = {};
  gate_ = SignalGate{settings_.thresholds};
  side_ = Side::flat;
  last_evaluation_ = last_trade_ = 0;
}

EngineHealth Engine::health() const {
  using Seconds = std::chrono::duration<double>;
  EngineHealth health;
  health.status = status_;
  if (status_ == EngineStatus::running) health.uptime_seconds = Seconds(around_.clock.monotonic() - started_).count();
  health.last_heartbeat_seconds = Seconds(heartbeat_).count();
  health.errors = errors_;
  return health;
}

void Engine::follow(Side side, SimTime now) {
  if (paused_ || (last_trade_ != 0 && now - last_trade_ < settings_.hold_at_least)) return;
  if (around_.account.follow(bot_, side, now)) last_trade_ = now;
}

void Engine::evaluate(SimTime now) {
  const auto begin = around_.clock.monotonic();
  const Prediction prediction = model_.evaluate(now, features_.mid(), features_.sample(now));
  if (around_.faults.active(Fault::slow, name_)) around_.sleeper.sleep(slow_evaluation);
  around_.observer.on_inference(symbol_, around_.clock.monotonic() - begin);
  if (!std::isfinite(prediction.prob_up)) throw std::runtime_error("the model's probability is not a number");
  prediction_ = prediction;
  side_ = gate_.decide(prediction);
  around_.observer.on_signal(symbol_, prediction, side_);
  follow(side_, now);
}

void Engine::cycle(const MarketEvent& event) {
  if (std::exchange(crash_armed_, false)) throw std::runtime_error("fault injected: crash");
  features_.observe(event);
  if (features_.has_quote() && event.local_time - last_evaluation_ >= settings_.evaluate_every) {
    last_evaluation_ = event.local_time;
    evaluate(event.local_time);
  }
  heartbeat_ = around_.clock.wall();
  around_.observer.on_health(symbol_, health());
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
