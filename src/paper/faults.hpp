// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <bellwether/clock.hpp>
#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What can be made to go wrong on the desk, so that an alert can be seen to fire. docs/desk.md lists what each must raise.
enum class Fault : std::uint8_t {
  crash,             ///< the next cycle of an engine throws
  stall,             ///< an engine takes no event any more: it runs, and its heartbeat stands still
  reject,            ///< the venue refuses every other order
  leak,              ///< memory grows by 10 MiB a second, up to 1.25 GiB
  slow,              ///< each evaluation of a model takes 150 ms, the venue answers 300 ms later
  disconnect,        ///< the session with the venue breaks and does not come back
  provider_failure,  ///< the providers time out, answer 429, 500 and nonsense
  bad_data,          ///< every tenth price is spoilt: a crossed quote, or a trade far from the market
  lost_fill,         ///< reports of fills come only when reconciliation asks for them: until then the books disagree
  pacing,            ///< sixty messages at once, past our own limiter; momentary
  silence,           ///< no market data arrives, while the connection stands
  gaps,              ///< one message of twenty is lost on the way
  lag,               ///< market data is six seconds old when it arrives
};
inline constexpr std::size_t fault_kinds = 13;

/// "crash", "stall", …, as in the HTTP API, on the command line and as a label.
std::string_view name(Fault fault) noexcept;
std::optional<Fault> fault_named(std::string_view name) noexcept;
/// For people, one line each.
std::string_view description(Fault fault) noexcept;

struct ActiveFault {
  Fault fault = Fault::crash;
  std::string symbol;  ///< empty: all
  double since_seconds = 0;
  std::optional<double> until_seconds;  ///< wall time, as above; none: until it is ended
};

/// Which faults are switched on.
///
///     faults.begin(Fault::slow, "BTCUSDT", 30s);
///     if (faults.active(Fault::slow, "BTCUSDT")) ...
///
/// A fault of one symbol replaces one of another: one of a kind at a time. The momentary ones (crash, pacing) never stand here.
///
/// Threads: any. `active(fault)` is one relaxed load while no fault of the kind is on; else, and for the rest, a mutex.
class FaultBoard {
 public:
  explicit FaultBoard(const Clock& clock) : clock_(clock) {}

  void begin(Fault fault, std::string symbol = {}, std::optional<std::chrono::nanoseconds> lasts = std::nullopt);
  /// False when it was not on.
  bool end(Fault fault);

  bool active(Fault fault) const noexcept {
    return flags_[static_cast<std::size_t>(fault)].load(std::memory_order_relaxed);
  }
  bool active(Fault fault, std::string_view symbol) const;

  /// Ends those whose time is over.
  void expire();
  std::vector<ActiveFault> list() const;

 private:
  struct Entry {
    bool on = false;
    std::string symbol;
    std::chrono::nanoseconds since{};
    std::optional<std::chrono::nanoseconds> until;  ///< monotonic, as `since` is wall time
    std::optional<std::chrono::nanoseconds> until_wall;
  };

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::array<Entry, fault_kinds> entries_;
  std::array<std::atomic<bool>, fault_kinds> flags_{};
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
