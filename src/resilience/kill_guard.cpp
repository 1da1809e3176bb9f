// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/kill_guard.hpp>

#include <array>
#include <cmath>

#include "resilience/duration_text.hpp"

BELLWETHER_NAMESPACE_BEGIN

std::string_view name_of(MarkQuality quality) noexcept {
  constexpr std::array<std::string_view, 6> names{"good", "no_trades", "stale", "crossed", "unadjusted_split", "gap"};
  return names[static_cast<std::size_t>(quality)];
}

KillGuard::KillGuard(KillSwitch& kill, KillGuardOptions options) : kill_(kill), options_(std::move(options)) {
  const char* problem = nullptr;
  if (options_.type.empty()) problem = "type is empty";
  if (!std::isfinite(options_.limit)) problem = "limit must be a finite number, or nothing would ever trip";
  if (options_.blind_limit < std::chrono::nanoseconds{0}) problem = "blind_limit must not be negative; 0 is never";
  if (options_.clock == nullptr) problem = "clock is null; leave it out for the machine's clock";
  if (problem != nullptr) throw Exception(Error{"kill guard \"" + options_.type + "\": " + problem});
  kill_.announce(options_.type, options_.scope);
}

KillGuard::Verdict KillGuard::observe(double value, MarkQuality quality) {
  const std::scoped_lock lock(mutex_);
  if (quality == MarkQuality::good && std::isfinite(value)) {
    blind_since_.reset();
    const bool beyond =
        options_.trips == KillGuardOptions::Trips::below ? value < options_.limit : value > options_.limit;
    if (!beyond) return Verdict::within;
    (void)kill_.trip(trip_of(value, options_.reason));  // latched, and a failure of the disk counted
    return Verdict::tripped;
  }
  const std::string why = std::isfinite(value) ? "data is " + std::string(name_of(quality)) : "value is not finite";
  const std::chrono::nanoseconds now = options_.clock->monotonic();
  const bool first = !blind_since_.has_value();
  if (first) blind_since_ = now;
  if (options_.blind_limit > std::chrono::nanoseconds{0} && now - *blind_since_ >= options_.blind_limit) {
    (void)kill_.trip(trip_of(value, "no good data for " + resilience::duration_text(now - *blind_since_) + ": " + why));
    return Verdict::tripped;
  }
  kill_.blocked(trip_of(value, why), first);
  return Verdict::blocked;
}

KillTrip KillGuard::trip_of(double value, std::string reason) const {
  return {options_.type, options_.scope, value, options_.limit, std::move(reason)};
}

BELLWETHER_NAMESPACE_END
