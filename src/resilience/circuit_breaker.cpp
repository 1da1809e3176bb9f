// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/circuit_breaker.hpp>

#include <exception>
#include <mutex>
#include <optional>

#include "resilience/breaker_export.hpp"
#include "resilience/breaker_machine.hpp"
#include "resilience/duration_text.hpp"

BELLWETHER_NAMESPACE_BEGIN

struct CircuitBreaker::Core {
  Core(CircuitBreakerOptions given, std::atomic<std::uint64_t>& shown)
      : options((resilience::BreakerMachine::check(given), std::move(given))), gate(shown), machine(options) {
    if (options.registry == nullptr) return;
    exported.emplace(*options.registry, options);
    // A collector without metrics of its own: called before each scrape, it brings the seconds up to date.
    at_scrape = options.registry->collect({}, [this](Collection&) { bring_up_to_date(); }).value();
  }

  void bring_up_to_date() {
    apply([&] { return machine.expire(); });
    const std::scoped_lock lock(mutex);
    exported->charge(machine.state(), options.clock->monotonic());
  }

  /// Runs `step` under the mutex, publishes what it changed, and tells the listener without the mutex.
  template <typename Step>
  void apply(const Step& step) {
    resilience::BreakerMachine::Transition transition;
    {
      const std::scoped_lock lock(mutex);
      transition = step();
      gate.store(machine.gate(), std::memory_order_relaxed);
      if (exported) publish(transition);
    }
    if (transition && options.on_transition) options.on_transition(*transition);
  }

  void publish(const resilience::BreakerMachine::Transition& transition) {
    exported->consecutive_failures(machine.consecutive_failures());
    exported->half_open_successes(machine.half_open_successes());
    if (!transition) return;
    exported->charge(transition->from, options.clock->monotonic());
    exported->transition(transition->from, transition->to);
  }

  const CircuitBreakerOptions options;
  std::atomic<std::uint64_t>& gate;
  std::mutex mutex;
  resilience::BreakerMachine machine;
  std::optional<resilience::BreakerExport> exported;
  Collector at_scrape;  // ends first: its function uses all of the above
};

CircuitBreaker::CircuitBreaker(CircuitBreakerOptions options)
    : core_(std::make_unique<Core>(std::move(options), gate_)) {}
CircuitBreaker::~CircuitBreaker() = default;

BreakerPermit CircuitBreaker::acquire_slowly() noexcept {
  bool permitted = false;
  std::uint64_t gate = 0;
  core_->apply([&] {
    auto transition = core_->machine.acquire(permitted);
    if (!permitted && core_->exported) core_->exported->rejected();
    gate = core_->machine.gate();
    return transition;
  });
  return permitted ? BreakerPermit(this, gate) : BreakerPermit();
}

void CircuitBreaker::record(std::uint64_t gate, Outcome outcome, std::chrono::nanoseconds took) noexcept {
  const auto state = static_cast<BreakerState>(gate & state_mask);
  if (outcome == Outcome::ignored && state != BreakerState::half_open) return;  // nothing was taken
  core_->apply([&] {
    switch (outcome) {
      case Outcome::success:
        return core_->machine.success(gate, took);
      case Outcome::failure:
        return core_->machine.failure(gate, took);
      case Outcome::ignored:
        break;
    }
    return core_->machine.ignore(gate);
  });
}

void CircuitBreaker::drop(std::uint64_t gate) noexcept {
  const bool failed = std::uncaught_exceptions() > 0 || core_->options.dropped_permit == DroppedPermit::failure;
  record(gate, failed ? Outcome::failure : Outcome::ignored, {});
}

BreakerSnapshot CircuitBreaker::snapshot() const {
  const std::scoped_lock lock(core_->mutex);
  return core_->machine.snapshot();
}

const std::string& CircuitBreaker::name() const noexcept {
  return core_->options.name;
}
std::chrono::nanoseconds CircuitBreaker::now() const noexcept {
  return core_->options.clock->monotonic();
}

Error CircuitBreaker::refusal() const {
  const BreakerSnapshot seen = snapshot();
  std::string why =
      "circuit breaker \"" + name() + "\" is " + std::string(name_of(seen.state)) + ": the call was not made";
  if (seen.state == BreakerState::open) why += "; the next try is in " + resilience::duration_text(seen.retry_after);
  if (seen.state == BreakerState::half_open) why += "; the calls of its trial are still out";
  if (seen.state == BreakerState::forced_open) why += "; a person must close it";
  return {why};
}

void CircuitBreaker::force_open() {
  core_->apply([&] { return core_->machine.order(BreakerState::forced_open); });
}
void CircuitBreaker::disable() {
  core_->apply([&] { return core_->machine.order(BreakerState::disabled); });
}
void CircuitBreaker::metrics_only() {
  core_->apply([&] { return core_->machine.order(BreakerState::metrics_only); });
}
void CircuitBreaker::trip() {
  core_->apply([&] { return core_->machine.order(BreakerState::open); });
}
void CircuitBreaker::close() {
  core_->apply([&] { return core_->machine.order(BreakerState::closed); });
}

BELLWETHER_NAMESPACE_END
