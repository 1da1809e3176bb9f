// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Fractions of equity.
struct StopLimits {
  double daily_loss = 0.03;  ///< against the equity at the day's start
  double drawdown = 0.15;    ///< against the highest equity so far
};

/// The kill switch over the whole desk. It latches: once tripped it stays so, over midnight and over a recovery, until
/// somebody resets it with a reason. A reset takes the present equity as the new measure for both limits; else
/// it would trip again at once.
///
/// Threads: use from one.
class GlobalStop {
 public:
  explicit GlobalStop(StopLimits limits = {}) noexcept : limits_(limits) {}

  /// A new day begins with this equity.
  void start_day(double equity) noexcept;

  /// True when this equity trips the stop now.
  bool observe(double equity);

  void reset(double equity);

  bool active() const noexcept { return !reasons_.empty(); }
  const std::vector<std::string>& reasons() const noexcept { return reasons_; }  ///< for people; empty when not active

 private:
  StopLimits limits_;
  double day_start_ = 0;
  double peak_ = 0;
  std::vector<std::string> reasons_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
