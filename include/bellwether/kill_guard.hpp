// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/kill_switch.hpp>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

BELLWETHER_NAMESPACE_BEGIN

/// What is known about the data behind a value. Only `good` may trip a switch.
enum class MarkQuality : std::uint8_t {
  good,
  no_trades,         ///< nothing was traded yet: a PnL of 0 or NaN says nothing
  stale,             ///< the mark is older than its stream allows
  crossed,           ///< bid above ask
  unadjusted_split,  ///< a jump by the size of a split or dividend, without its factor
  gap,               ///< the stream lost messages and was not repaired yet
};

std::string_view BELLWETHER_API name_of(MarkQuality quality) noexcept;

struct KillGuardOptions {
  std::string type;  ///< "pnl", "psr", "drawdown"
  KillScope scope = {};
  enum class Trips : std::uint8_t { below, above };
  Trips trips = Trips::below;
  double limit = 0;  ///< in the unit of the value; the limit itself does not trip
  std::string reason = {};
  /// Data so long without a good value trips the switch after all: trading blind is no safer. 0: never.
  std::chrono::nanoseconds blind_limit{0};
  const Clock* clock = &Clock::system();
};

/// Trips a kill switch when a value leaves its limit, but not on bad data: a stale mark, a raw split or a book
/// without trades blocks the judgement, which is counted (kill_switch_blocked_by_data_quality_total) and, when it begins,
/// written to the audit trail.
///
///     KillGuard drawdown{kill, {.type = "drawdown", .scope = KillScope::firm(), .trips = KillGuardOptions::Trips::above,
///                               .limit = 0.10, .reason = "drawdown of the day", .blind_limit = 60s}};
///     drawdown.observe(portfolio.drawdown(), marks.quality());
///
/// A value that is not finite is bad data, whatever its quality is said to be: NaN trips nothing and hides nothing.
///
/// Threads: any, one mutex. Blocks on the disk when it trips. The constructor throws `Exception` for a limit that
/// is not finite, a negative time or an empty type. The switch must outlive it.
class BELLWETHER_API KillGuard {
 public:
  enum class Verdict : std::uint8_t { within, tripped, blocked };

  KillGuard(KillSwitch& kill, KillGuardOptions options);

  Verdict observe(double value, MarkQuality quality);

 private:
  KillTrip trip_of(double value, std::string reason) const;

  KillSwitch& kill_;
  KillGuardOptions options_;
  std::mutex mutex_;
  std::optional<std::chrono::nanoseconds> blind_since_;
};

BELLWETHER_NAMESPACE_END
