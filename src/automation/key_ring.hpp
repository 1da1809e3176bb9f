// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/circuit_breaker.hpp>
#include <bellwether/clock.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "automation/provider_result.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// A key to a provider's API.
struct ProviderKey {
  std::string id;           ///< label `key_id`: which key, "key-1"; never the key itself
  std::string secret = {};  ///< sent as a bearer token; empty: none is sent
};

/// The keys of one provider, each behind a breaker of its own. They take turns; one whose breaker is open, or that the
/// provider has told to wait, is passed over.
///
/// Threads: any.
class KeyRing {
 public:
  /// A key for one request. False if there is none now.
  struct Turn {
    explicit operator bool() const noexcept { return static_cast<bool>(permit); }
    std::size_t key = 0;
    BreakerPermit permit = {};
  };

  /// `breaker` is the model for all: name, provider, key_id and clock are set here. Throws `Exception` without keys, for
  /// an id twice, or for what a breaker does not take.
  KeyRing(const std::string& provider, std::vector<ProviderKey> keys, const CircuitBreakerOptions& breaker,
          const Clock& clock);

  Turn take();
  /// Whether `take` may give one now; takes none.
  bool any_usable() const;
  /// The provider said that this key is to wait.
  void pause(std::size_t key, std::chrono::nanoseconds time) noexcept;

  const ProviderKey& key(std::size_t index) const noexcept { return entries_[index]->key; }
  CircuitBreaker& breaker(std::size_t index) noexcept { return entries_[index]->breaker; }
  std::size_t size() const noexcept { return entries_.size(); }

  /// Why no key can be used, which, and when the first one can be.
  ProviderError why_none() const;

 private:
  struct Entry {
    Entry(ProviderKey its_key, CircuitBreakerOptions options) : key(std::move(its_key)), breaker(std::move(options)) {}
    ProviderKey key;
    CircuitBreaker breaker;
    std::atomic<std::chrono::nanoseconds::rep> not_before{0};  // monotonic
  };

  std::string provider_;
  const Clock& clock_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
