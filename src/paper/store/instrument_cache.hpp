// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "paper/store/state_store.hpp"
#include "paper/store/state_writer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Is told of each look into a level: "L1" (in the process) or "L2" (the state store). Drives
/// peak_cache_hits_total{level} and peak_cache_misses_total{level}. Called without a lock, on the looking thread; must not throw.
class CacheObserver {
 public:
  virtual ~CacheObserver() = default;
  virtual void on_cache_hit(std::string_view level) = 0;
  virtual void on_cache_miss(std::string_view level) = 0;
};

struct InstrumentCacheOptions {
  std::chrono::nanoseconds l1_ttl = std::chrono::seconds{60};  ///< how long a value is good in the process
  std::chrono::nanoseconds l2_ttl = std::chrono::minutes{60};  ///< and in the store, from when it was loaded
  std::size_t max_entries = 10'000;                            ///< of L1; the one not asked for the longest goes first
  std::string key_prefix = "cache/";                           ///< before the keys in the store
  CacheObserver* observer = nullptr;
  const Clock* clock = &Clock::system();
};

/// What is slow to get and changes seldom (an instrument's rules, a feature): kept in the process, behind that in the state
/// store, behind that there is the loader.
///
///     InstrumentCache instruments{load_instrument, &store, &state_writer, {.observer = &metrics}};
///     Result<InstrumentCache::Value> rules = instruments.get("BTCUSDT");
///
/// A store that fails, hangs or holds nonsense is a miss, never an error: the loader is asked. Only its error is returned; errors are
/// not kept.
///
/// Threads: any; two that miss the same key at once may both load it. Blocking: a hit in L1 takes a mutex that nobody holds
/// while it waits; a miss takes the store's time-out (nothing while its breaker is open) and the loader's time. What is
/// loaded goes to the store through the writer, and does not wait.
class InstrumentCache {
 public:
  using Value = std::shared_ptr<const std::string>;
  using Loader = std::function<Result<std::string>(std::string_view key)>;

  /// `store` and `writer` may be null: there is no second level then, or nothing is written to it. They must outlive it.
  explicit InstrumentCache(Loader loader, StateStore* store = nullptr, StateWriter* writer = nullptr,
                           InstrumentCacheOptions options = {});

  Result<Value> get(std::string_view key);

  /// Forgets the key on both levels.
  void invalidate(std::string_view key);

  std::size_t size() const;  ///< of L1

 private:
  struct Entry {
    std::string key;
    Value value;
    std::chrono::nanoseconds good_until;  // monotonic
  };

  Value find_in_process(std::string_view key);
  Value find_in_store(std::string_view key, std::chrono::nanoseconds& good_for);
  void keep(std::string_view key, Value value, std::chrono::nanoseconds good_for);
  void tell(std::string_view level, bool hit) const;

  Loader loader_;
  StateStore* store_;
  StateWriter* writer_;
  InstrumentCacheOptions options_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;                                                // the one asked for last in front
  std::unordered_map<std::string_view, std::list<Entry>::iterator> index_;  // views into entries_
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
