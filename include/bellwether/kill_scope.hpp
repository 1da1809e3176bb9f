// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <compare>
#include <cstdint>
#include <string>

BELLWETHER_NAMESPACE_BEGIN

/// Whose orders a kill switch stops.
struct KillScope {
  enum class Kind : std::uint8_t { firm, venue, strategy };

  Kind kind = Kind::firm;
  std::string name = {};  ///< empty for the firm, which is all there is

  static KillScope firm() { return {}; }
  static KillScope venue(std::string name) { return {Kind::venue, std::move(name)}; }
  static KillScope strategy(std::string name) { return {Kind::strategy, std::move(name)}; }

  /// "firm", "venue:binance", "strategy:grid": the label `scope`.
  std::string text() const {
    if (kind == Kind::firm) return "firm";
    return (kind == Kind::venue ? "venue:" : "strategy:") + name;
  }

  // NOLINTNEXTLINE(modernize-use-nullptr): a false finding of clang-tidy 14
  friend auto operator<=>(const KillScope&, const KillScope&) = default;
};

/// Why a kill switch is tripped.
struct KillTrip {
  std::string type;  ///< label `type`: "pnl", "psr", "drawdown", "manual"
  KillScope scope = {};
  double value = 0;  ///< what was measured …
  double limit = 0;  ///< … and what is allowed, in the same unit
  std::string reason = {};
};

/// A trip that holds until an authorised person resets it.
struct KillLatch {
  KillTrip trip;
  std::chrono::nanoseconds since{0};  ///< wall time since the Unix epoch
};

/// A person's request to lift one latch.
struct KillReset {
  std::string type;
  KillScope scope = {};
  std::string actor;   ///< who asks; stands in the audit trail
  std::string token;   ///< what proves it; stands nowhere
  std::string reason;  ///< why trading may go on; must not be empty
};

BELLWETHER_NAMESPACE_END
