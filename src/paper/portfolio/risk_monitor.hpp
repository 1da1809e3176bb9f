// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/kill_guard.hpp>
#include <bellwether/kill_switch.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "paper/statistics/rolling_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What the monitor can trip on.
enum class RiskType : std::uint8_t { pnl, psr, drawdown, daily_loss };

inline constexpr std::array<RiskType, 4> all_risk_types{RiskType::pnl, RiskType::psr, RiskType::drawdown,
                                                        RiskType::daily_loss};

/// "pnl", "psr", "drawdown", "daily_loss": the type of the latch and the label `type`.
std::string_view name(RiskType type) noexcept;

/// Losses as positive fractions. A value that reaches its limit trips; the PSR trips below its.
struct RiskLimits {
  double pnl_loss = 0.05;    ///< of the start equity, cumulative
  double drawdown = 0.15;    ///< of the highest equity so far
  double daily_loss = 0.03;  ///< of the equity at the day's start
  double psr = 0.20;         ///< a probability
  std::size_t psr_samples = 90;
  std::size_t psr_minimum = 60;  ///< fewer returns say nothing
};

/// An error names the limit that is not finite or not between 0 and 1: a NaN must not switch an alarm off.
Result<void> check(const RiskLimits& limits);

struct RiskMonitorSettings {
  RiskLimits limits = {};
  KillScope scope = {};
  /// Bad marks for so long trip after all; 0: never.
  std::chrono::nanoseconds blind_limit{0};
  const Clock* clock = &Clock::system();  ///< what `blind_limit` is measured with
};

/// Which switches are latched, for metrics of one gauge a switch.
struct RiskFlags {
  bool pnl = false;
  bool psr = false;
  bool drawdown = false;
  bool daily_loss = false;
  bool global = false;  ///< any latch of the kill switch, of whatever type and scope
};

/// What the limits are measured against. Kept in the state store, they survive a restart as the latches do.
struct RiskMeasures {
  double start_equity = 0;
  double peak_equity = 0;
  double day_start_equity = 0;
};

/// The values as last judged; nothing where there was no judgement yet.
struct RiskValues {
  std::optional<double> pnl;  ///< cumulative, below 0 a loss
  std::optional<double> psr;
  std::optional<double> drawdown;
  std::optional<double> daily_loss;  ///< below 0 a gain
};

/// Watches the desk's equity and trips the kill switch: cumulative PnL, probabilistic Sharpe ratio, drawdown, loss of the
/// day. It only judges; the latch, its persistence, the audit trail and the orders' gate are those of `KillSwitch`.
///
///     RiskMonitor risk{kill, book.equity(), {.limits = {.drawdown = 0.10}}};
///     risk.observe(book.equity(), book.worst_quality());      // after each mark or fill
///     risk.close_period(book.equity(), book.worst_quality()); // at the day boundary: one return for the PSR
///     risk.start_day();
///     flags.set(risk.flags());
///
/// Bad marks (F16). With a quality other than `good`, or an equity that is not finite, nothing trips and no measure moves:
/// no peak from a crossed book, no return over an unadjusted split. What could not be judged is counted and audited by
/// the guards. A day that begins on a bad mark starts from the last good equity; a period that ends on one is joined to the
/// next.
///
/// Reset. A latch is lifted by `reset`, which asks the kill switch (token, actor, reason) and then takes the present
/// equity (the last good one) as the new measure of that type; the PSR begins a new sample. Lifted past the monitor, by
/// `KillSwitch::reset`, the old measure stays and the next observation beyond the limit latches again. While a
/// type is latched it is not judged.
///
/// Threads: any; `observe`, `close_period` and `reset` wait for each other, also while a trip or a reset is written to the
/// disk. The switch's `on_trip` and authorizer may ask for flags, values and measures, and may call nothing else here. Within the limits an observation allocates nothing. The constructor throws `Exception` for limits that
/// `check` refuses and for a start equity not finite and above 0. The switch must outlive it.
class RiskMonitor {
 public:
  RiskMonitor(KillSwitch& kill, double start_equity, const RiskMonitorSettings& settings = {});

  /// Equity now, and what the marks behind it are worth. True when something tripped.
  bool observe(double equity, MarkQuality quality);

  /// A return of the PSR ends here. True when the PSR tripped.
  bool close_period(double equity, MarkQuality quality);

  /// The last good equity is the new day's start, so that a gap over night is a loss of the day that it opens.
  void start_day();

  /// The error says what was missing: right, reason, latch, disk; or that equity is not above 0, so that there is nothing
  /// to measure with. Types that are not the monitor's ("manual", "state_file") go to the kill switch as they are.
  Result<void> reset(const KillReset& request);

  bool is_active(RiskType type) const;
  RiskFlags flags() const;
  RiskValues values() const;
  RiskMeasures measures() const;
  /// After a restart. False (and nothing changes) for measures that are not finite and above 0.
  bool restore(const RiskMeasures& measures);

 private:
  /// A limit and who watches it.
  struct Line {
    double limit = 0;
    bool above = false;        ///< a value above it is beyond it
    bool is_inclusive = true;  ///< the limit itself is beyond, too
    std::unique_ptr<KillGuard> guard{};
  };

  bool judge(RiskType type, double value, MarkQuality quality);
  void measure(double equity);
  void rebase(RiskType type);

  KillSwitch& kill_;
  const KillScope scope_;
  const std::size_t psr_minimum_;
  std::array<Line, all_risk_types.size()> lines_;

  std::mutex judging_;  // before `mutex_`: no value that was measured before a reset is judged after it
  mutable std::mutex mutex_;
  RiskMeasures measures_;
  double last_good_equity_;
  double period_start_equity_;
  RollingWindow returns_;
  RiskValues values_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
