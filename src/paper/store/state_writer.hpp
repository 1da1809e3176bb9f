// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "paper/store/state_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct StateWriterOptions {
  bool background = true;         ///< a thread of its own writes; false: `run_once` does, on its caller's thread
  std::size_t max_keys = 10'000;  ///< that wait to be written; a further key is lost and counted
  std::size_t max_value_bytes = 1 << 20;  ///< a larger value is lost and counted
  std::size_t batch = 256;                ///< changes in one exchange with the store
  std::chrono::nanoseconds interval =
      std::chrono::milliseconds{50};  ///< between two passes: what comes between, coalesces
  std::chrono::nanoseconds retry_interval = std::chrono::milliseconds{500};  ///< after a failure
  std::chrono::nanoseconds stop_timeout = std::chrono::seconds{2};  ///< how long the end tries to write what waits
  /// Told once when values begin to be lost, and again only after all that waited was written. On the writing thread.
  std::function<void(const std::string& why)> on_loss = {};
};

struct StateWriterStatus {
  std::size_t waiting = 0;      ///< keys whose last value is not in the store yet
  std::uint64_t written = 0;    ///< changes that the store took
  std::uint64_t coalesced = 0;  ///< values that a newer one replaced before they were written
  std::uint64_t lost = 0;       ///< no room for the key, too large, or the end came first
  std::uint64_t failures = 0;   ///< exchanges that failed
  unsigned failures_in_a_row = 0;
  std::string last_error = {};  ///< of the latest failure; empty after a success
};

/// Writes the desk's state into a store behind the desk's back: the desk's call never waits for it. Of each key the last
/// value wins, and waits while the store is away.
///
///     StateWriter state{store};
///     state.set("bot/1/position", "0.5");    // returns at once
///
/// Threads: any. Blocking: `set` and `erase` take a mutex that nobody holds during an exchange with the store.
/// Allocation: a key's and its value's. Keys are written in no order. `stop` and the destructor take up to
/// `stop_timeout` and one call of the store. The store must outlive it.
class StateWriter {
 public:
  explicit StateWriter(StateStore& store, StateWriterOptions options = {});
  ~StateWriter();
  StateWriter(const StateWriter&) = delete;
  StateWriter& operator=(const StateWriter&) = delete;

  void set(std::string_view key, std::string_view value);
  void erase(std::string_view key);

  /// Writes what waits, until all is written or the store fails. Does nothing while the breaker is open.
  /// The number of changes written.
  Result<std::size_t> run_once();

  /// Tries to write the rest, then ends the thread; what could not be written is counted as lost. What comes later is lost.
  void stop();

  StateWriterStatus status() const;

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
