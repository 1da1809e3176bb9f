// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "paper/store/store_call.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// A new value for a key, or its removal.
struct StateChange {
  std::string key;
  std::optional<std::string> value = {};  ///< nothing: the key goes
};

/// The desk's state by key: what must survive a restart. In the process (`EmbeddedStore`), or in a Redis (`RedisStore`).
///
///     RedisStore store{{.url = "redis://127.0.0.1:6379/0"}, {.observer = &metrics, .breaker = &breaker}};
///     store.set("bot/1/position", "0.5");
///     Result<std::optional<std::string>> position = store.get("bot/1/position");
///
/// Every call is told to the observer and passes through the breaker of the context; implementations write the `do_`
/// functions alone. Keys and values are any bytes; a key is not empty.
///
/// Threads: any; one call at a time, others wait for it. Blocking: up to the implementation's time-outs; while the breaker is
/// open, not at all. The desk's thread writes through a `StateWriter`. Errors: a value that says what, where and why;
/// nothing throws.
class StateStore {
 public:
  virtual ~StateStore() = default;
  StateStore(const StateStore&) = delete;
  StateStore& operator=(const StateStore&) = delete;

  Result<std::optional<std::string>> get(std::string_view key);
  Result<void> set(std::string_view key, std::string_view value);
  /// Removes the key, if it is there.
  Result<void> del(std::string_view key);
  /// The keys that begin with this, sorted. An error if there are more than `max_keys`.
  Result<std::vector<std::string>> keys(std::string_view prefix);
  /// Many changes in one exchange, in order. After an error any part of them may have been made: repeat all.
  Result<void> apply(std::span<const StateChange> changes);
  Result<void> ping();

  /// "redis at 127.0.0.1:6379/0": for people and logs; holds no password.
  virtual std::string describe() const = 0;

  /// False while the breaker refuses calls for sure: for those who would rather wait. Takes no permit.
  bool allows() const { return context_.breaker == nullptr || breaker_may_pass(*context_.breaker); }
  CircuitBreaker* breaker() const noexcept { return context_.breaker; }

  static constexpr std::size_t max_keys = 100'000;

 protected:
  explicit StateStore(StoreContext context) : context_(context) {}
  const Clock& clock() const noexcept { return *context_.clock; }

  // One at a time, under the lock. An error must set `fault`.
  virtual Result<std::optional<std::string>> do_get(std::string_view key, StoreFault& fault) = 0;
  virtual Result<std::vector<std::string>> do_keys(std::string_view prefix, StoreFault& fault) = 0;
  virtual Result<void> do_apply(std::span<const StateChange> changes, StoreFault& fault) = 0;
  virtual Result<void> do_ping(StoreFault& fault) = 0;

 private:
  template <typename Value, typename Function>
  Result<Value> call(std::string_view operation, Function&& function);

  StoreContext context_;
  std::mutex mutex_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
