// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/portfolio/global_stop.hpp"

#include <fmt/format.h>

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

void GlobalStop::start_day(double equity) noexcept {
  day_start_ = equity;
  peak_ = std::max(peak_, equity);
}

bool GlobalStop::observe(double equity) {
  if (active()) return false;
  if (day_start_ <= 0) start_day(equity);
  peak_ = std::max(peak_, equity);
  const double lost_today = 1 - equity / day_start_;
  const double drawdown = 1 - equity / peak_;
  if (lost_today >= limits_.daily_loss) {
    reasons_.push_back(
        fmt::format("daily loss {:.2f}% reaches the limit {:.2f}%", 100 * lost_today, 100 * limits_.daily_loss));
  }
  if (drawdown >= limits_.drawdown) {
    reasons_.push_back(
        fmt::format("drawdown {:.2f}% reaches the limit {:.2f}%", 100 * drawdown, 100 * limits_.drawdown));
  }
  return active();
}

void GlobalStop::reset(double equity) {
  reasons_.clear();
  day_start_ = peak_ = equity;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
