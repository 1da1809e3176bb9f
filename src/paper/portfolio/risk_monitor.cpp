// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/portfolio/risk_monitor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "paper/statistics/ratios.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

bool is_amount(double value) {
  return std::isfinite(value) && value > 0;
}

RiskMonitorSettings checked(const RiskMonitorSettings& settings, double start_equity) {
  check(settings.limits).value();
  if (!is_amount(start_equity)) {
    throw Exception(Error{"risk monitor: start equity " + std::to_string(start_equity) +
                          " must be finite and above 0: it is what losses are measured against"});
  }
  return settings;
}

const char* reason_of(RiskType type) {
  constexpr std::array<const char*, all_risk_types.size()> reasons{
      "cumulative PnL, as a fraction of the start equity", "probability that the Sharpe ratio is above 0",
      "drawdown, as a fraction of the highest equity", "loss of the day, as a fraction of the equity at its start"};
  return reasons[static_cast<std::size_t>(type)];
}

/// Guards trip beyond their limit: a value that is the limit, but for rounding, goes the smallest step beyond.
double step_beyond(double value, double limit, bool above) {
  if (!(std::abs(value - limit) <= 1e-12)) return value;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return above ? std::max(value, std::nextafter(limit, infinity)) : std::min(value, std::nextafter(limit, -infinity));
}

std::optional<RiskType> type_named(std::string_view wanted) {
  for (const RiskType type : all_risk_types) {
    if (name(type) == wanted) return type;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(RiskType type) noexcept {
  constexpr std::array<std::string_view, all_risk_types.size()> names{"pnl", "psr", "drawdown", "daily_loss"};
  return names[static_cast<std::size_t>(type)];
}

Result<void> check(const RiskLimits& limits) {
  const auto is_fraction = [](double value) { return value > 0 && value < 1; };  // no NaN is
  const auto refused = [](const char* what, double value) {
    return Error{std::string("risk limit ") + what + " = " + std::to_string(value) +
                 " must be a number above 0 and below 1, e.g. 0.05 for 5 %"};
  };
  if (!is_fraction(limits.pnl_loss)) return refused("pnl_loss", limits.pnl_loss);
  if (!is_fraction(limits.drawdown)) return refused("drawdown", limits.drawdown);
  if (!is_fraction(limits.daily_loss)) return refused("daily_loss", limits.daily_loss);
  if (!is_fraction(limits.psr)) return refused("psr", limits.psr);
  if (limits.psr_minimum < 3 || limits.psr_minimum > limits.psr_samples) {
    return Error{"risk limit psr_minimum = " + std::to_string(limits.psr_minimum) +
                 " must be 3 or more and at most psr_samples = " + std::to_string(limits.psr_samples)};
  }
  return {};
}

RiskMonitor::RiskMonitor(KillSwitch& kill, double start_equity, const RiskMonitorSettings& settings)
    : kill_(kill),
      scope_(checked(settings, start_equity).scope),
      psr_minimum_(settings.limits.psr_minimum),
      measures_{start_equity, start_equity, start_equity},
      last_good_equity_(start_equity),
      period_start_equity_(start_equity),
      returns_(settings.limits.psr_samples) {
  const RiskLimits& limits = settings.limits;
  lines_ = {{{.limit = -limits.pnl_loss},
             {.limit = limits.psr, .is_inclusive = false},
             {.limit = limits.drawdown, .above = true},
             {.limit = limits.daily_loss, .above = true}}};
  for (const RiskType type : all_risk_types) {
    Line& line = lines_[static_cast<std::size_t>(type)];
    line.guard = std::make_unique<KillGuard>(
        kill_, KillGuardOptions{.type = std::string(name(type)),
                                .scope = scope_,
                                .trips = line.above ? KillGuardOptions::Trips::above : KillGuardOptions::Trips::below,
                                .limit = line.limit,
                                .reason = reason_of(type),
                                .blind_limit = settings.blind_limit,
                                .clock = settings.clock});
  }
}

/// With `judging_` and without `mutex_`: a trip calls whatever the desk does then.
bool RiskMonitor::judge(RiskType type, double value, MarkQuality quality) {
  const Line& line = lines_[static_cast<std::size_t>(type)];
  const double judged = line.is_inclusive ? step_beyond(value, line.limit, line.above) : value;
  const bool within = line.above ? judged <= line.limit : judged >= line.limit;  // false for NaN
  if ((!within || quality != MarkQuality::good) && is_active(type)) return false;
  return line.guard->observe(judged, quality) == KillGuard::Verdict::tripped;
}

bool RiskMonitor::observe(double equity, MarkQuality quality) {
  const std::scoped_lock one_by_one(judging_);
  RiskValues values;
  {
    const std::scoped_lock lock(mutex_);
    if (quality == MarkQuality::good && std::isfinite(equity)) measure(equity);
    // Of a bad equity, too: the audit trail tells what would have been judged.
    values.pnl = equity / measures_.start_equity - 1;
    values.drawdown = 1 - equity / measures_.peak_equity;
    values.daily_loss = 1 - equity / measures_.day_start_equity;
  }
  bool tripped = judge(RiskType::pnl, *values.pnl, quality);
  tripped = judge(RiskType::drawdown, *values.drawdown, quality) || tripped;
  return judge(RiskType::daily_loss, *values.daily_loss, quality) || tripped;
}

void RiskMonitor::measure(double equity) {
  last_good_equity_ = equity;
  measures_.peak_equity = std::max(measures_.peak_equity, equity);
  values_.pnl = equity / measures_.start_equity - 1;
  values_.drawdown = 1 - equity / measures_.peak_equity;
  values_.daily_loss = 1 - equity / measures_.day_start_equity;
}

bool RiskMonitor::close_period(double equity, MarkQuality quality) {
  const std::scoped_lock one_by_one(judging_);
  std::optional<double> psr;
  {
    const std::scoped_lock lock(mutex_);
    if (quality == MarkQuality::good && is_amount(equity)) {
      returns_.add(equity / period_start_equity_ - 1);
      period_start_equity_ = equity;
    }
    if (returns_.filled() >= psr_minimum_) psr = probabilistic_sharpe_ratio(returns_.all());
    values_.psr = psr;
  }
  // Without a PSR there is nothing that bad data could hide.
  return psr && judge(RiskType::psr, *psr, quality);
}

void RiskMonitor::start_day() {
  const std::scoped_lock lock(mutex_);
  if (last_good_equity_ > 0) measures_.day_start_equity = last_good_equity_;
}

void RiskMonitor::rebase(RiskType type) {
  const double equity = last_good_equity_;
  switch (type) {
    case RiskType::pnl:
      measures_.start_equity = equity;
      break;
    case RiskType::drawdown:
      measures_.peak_equity = equity;
      break;
    case RiskType::daily_loss:
      measures_.day_start_equity = equity;
      break;
    case RiskType::psr:
      returns_.clear();
      period_start_equity_ = equity;
      values_.psr.reset();
      break;
  }
  measure(equity);
}

Result<void> RiskMonitor::reset(const KillReset& request) {
  const auto type = request.scope == scope_ ? type_named(request.type) : std::nullopt;
  if (!type) return kill_.reset(request);
  const std::scoped_lock one_by_one(judging_);
  double equity = 0;
  {
    const std::scoped_lock lock(mutex_);
    equity = last_good_equity_;
  }
  if (equity <= 0) {
    return Error{"kill switch " + request.type + " was not reset: the equity is " + std::to_string(equity) +
                 ", and a loss can only be measured against one above 0"};
  }
  auto lifted = kill_.reset(request);
  if (!lifted) return lifted;
  const std::scoped_lock lock(mutex_);
  rebase(*type);
  return lifted;
}

bool RiskMonitor::is_active(RiskType type) const {
  return kill_.is_latched(name(type), scope_);
}

RiskFlags RiskMonitor::flags() const {
  RiskFlags flags{.pnl = is_active(RiskType::pnl),
                  .psr = is_active(RiskType::psr),
                  .drawdown = is_active(RiskType::drawdown),
                  .daily_loss = is_active(RiskType::daily_loss)};
  flags.global = !kill_.latches().empty();
  return flags;
}

RiskValues RiskMonitor::values() const {
  const std::scoped_lock lock(mutex_);
  return values_;
}

RiskMeasures RiskMonitor::measures() const {
  const std::scoped_lock lock(mutex_);
  return measures_;
}

bool RiskMonitor::restore(const RiskMeasures& measures) {
  if (!is_amount(measures.start_equity) || !is_amount(measures.peak_equity) || !is_amount(measures.day_start_equity)) {
    return false;
  }
  const std::scoped_lock lock(mutex_);
  measures_ = measures;
  return true;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
