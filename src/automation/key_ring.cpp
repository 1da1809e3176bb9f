// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/key_ring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

KeyRing::KeyRing(const std::string& provider, std::vector<ProviderKey> keys, const CircuitBreakerOptions& breaker,
                 const Clock& clock)
    : provider_(provider), clock_(clock) {
  if (keys.empty()) throw Exception(Error{fmt::format("provider '{}' has no key", provider)});
  for (ProviderKey& key : keys) {
    for (const auto& other : entries_) {
      if (other->key.id == key.id) {
        throw Exception(Error{fmt::format("provider '{}' has the key id '{}' twice", provider, key.id)});
      }
    }
    CircuitBreakerOptions options = breaker;
    options.name = fmt::format("{}/{}", provider, key.id);
    options.provider = provider;
    options.key_id = key.id;
    options.clock = &clock;
    entries_.push_back(std::make_unique<Entry>(std::move(key), std::move(options)));
  }
}

KeyRing::Turn KeyRing::take() {
  const auto now = clock_.monotonic().count();
  const std::size_t first = next_.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const std::size_t index = (first + i) % entries_.size();
    Entry& entry = *entries_[index];
    if (entry.not_before.load(std::memory_order_relaxed) > now) continue;
    if (auto permit = entry.breaker.try_acquire()) return {.key = index, .permit = std::move(permit)};
  }
  return {};
}

bool KeyRing::any_usable() const {
  const auto now = clock_.monotonic().count();
  return std::any_of(entries_.begin(), entries_.end(), [&](const auto& entry) {
    if (entry->not_before.load(std::memory_order_relaxed) > now) return false;
    const BreakerSnapshot breaker = entry->breaker.snapshot();
    const bool waits = breaker.state == BreakerState::open && breaker.retry_after.count() > 0;
    return breaker.state != BreakerState::forced_open && !waits;
  });
}

void KeyRing::pause(std::size_t key, std::chrono::nanoseconds time) noexcept {
  const auto until = (clock_.monotonic() + time).count();
  auto& not_before = entries_[key]->not_before;
  auto known = not_before.load(std::memory_order_relaxed);
  while (known < until && !not_before.compare_exchange_weak(known, until, std::memory_order_relaxed)) {
  }
}

ProviderError KeyRing::why_none() const {
  const auto now = clock_.monotonic();
  std::optional<std::chrono::nanoseconds> soonest;
  std::string states;
  bool any_open = false;
  for (const auto& entry : entries_) {
    const BreakerSnapshot breaker = entry->breaker.snapshot();
    const std::chrono::nanoseconds paused{entry->not_before.load(std::memory_order_relaxed)};
    const bool open = exported_value(breaker.state) != 0;
    any_open = any_open || open;
    states += fmt::format("{}{} {}", states.empty() ? "" : ", ", entry->key.id,
                          open ? name_of(breaker.state) : std::string_view{"told to wait"});
    if (breaker.state == BreakerState::forced_open) continue;  // only a person knows
    const auto wait = std::max({breaker.retry_after, paused - now, std::chrono::nanoseconds{0}});
    soonest = soonest ? std::min(*soonest, wait) : wait;
  }
  const double seconds = std::chrono::duration<double>(soonest.value_or(std::chrono::nanoseconds{0})).count();
  return {.type = any_open ? ProviderErrorType::circuit_open : ProviderErrorType::rate_limit,
          .message = fmt::format("{}: no key can be used now ({}); {}", provider_, states,
                                 soonest ? fmt::format("try again in {:.1f} s", seconds)
                                         : std::string{"they were forced open, close them"}),
          .retry_after = soonest.value_or(std::chrono::nanoseconds{0})};
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
