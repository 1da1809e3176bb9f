// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/delivery_target.hpp"

#include <algorithm>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

// Rounded up, and never now: who asks again at once would spin.
std::int64_t later(std::int64_t now_ms, std::chrono::nanoseconds pause) {
  return now_ms + std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::milliseconds>(pause).count());
}

bool same(const DeliveryLimits& a, const DeliveryLimits& b) {
  return a.tokens == b.tokens && a.per == b.per && a.burst == b.burst && a.in_flight == b.in_flight &&
         a.urgent_in_flight == b.urgent_in_flight;
}

}  // namespace

DeliveryTarget::DeliveryTarget(std::string name, std::shared_ptr<Integration> integration, DeliveryLimits limits,
                               Environment environment)
    : name_(std::move(name)), integration_(std::move(integration)), environment_(environment) {
  set_limits(limits);
  CircuitBreakerOptions options;
  options.name = name_;
  // For one that is down: a receiver that takes but every second message is worth asking.
  options.window_calls = 20;
  options.minimum_calls = 10;
  options.failure_rate = 0.9;
  options.open_time = std::chrono::seconds{5};
  options.max_open_time = std::chrono::minutes{1};
  options.half_open_calls = 1;
  options.clock = environment_.clock;
  options.random = environment_.random;
  breaker_ = std::make_unique<CircuitBreaker>(std::move(options));
}

void DeliveryTarget::replace(std::shared_ptr<Integration> integration, DeliveryLimits limits) {
  integration_ = std::move(integration);
  paused_ = false;
  if (!same(limits, limits_)) set_limits(limits);
}

void DeliveryTarget::set_limits(const DeliveryLimits& limits) {
  limits_ = limits;
  bucket_ = std::make_unique<TokenBucket>(TokenBucketOptions{
      .tokens = limits.tokens, .per = limits.per, .burst = limits.burst, .clock = environment_.clock});
}

DeliveryTarget::Admission DeliveryTarget::admit(bool urgent, std::int64_t now_ms) {
  if (now_ms < not_before_ms_) return {.again_ms = not_before_ms_};
  if (paused_) {
    if (now_ms < probe_ms_) return {.again_ms = probe_ms_};
    if (in_flight_ > 0) return {};
  }
  Admission out{.granted = true};
  if (!urgent) {
    if (in_flight_ >= limits_.in_flight) return {};
    if (const auto wait = bucket_->time_until(); !wait || wait->count() > 0) {
      return {.again_ms = later(now_ms, wait.value_or(limits_.per))};
    }
    out.permit = breaker_->try_acquire();
    if (!out.permit) {
      const auto wait =
          std::max<std::chrono::nanoseconds>(breaker_->snapshot().retry_after, std::chrono::milliseconds{50});
      return {.again_ms = later(now_ms, wait)};
    }
    bucket_->try_take();
  } else {
    if (in_flight_ >= limits_.urgent_in_flight) return {};
    out.permit = breaker_->try_acquire();  // goes without one, too
    bucket_->try_take();
  }
  ++in_flight_;
  return out;
}

bool DeliveryTarget::answered(const DeliveryResult& result, BreakerPermit permit, std::chrono::nanoseconds took,
                              std::int64_t now_ms) {
  if (in_flight_ > 0) --in_flight_;
  switch (result.outcome) {
    case DeliveryOutcome::delivered:
      paused_ = false;
      // An urgent message went through an open breaker: the other side is back.
      if (!permit && breaker_->state() == BreakerState::open) breaker_->close();
      permit.success(took);
      return false;
    case DeliveryOutcome::permanent:
      permit.success(took);
      return false;
    case DeliveryOutcome::transient:
      permit.failure(took);
      if (result.retry_after) not_before_ms_ = std::max(not_before_ms_, now_ms + result.retry_after->count());
      return false;
    case DeliveryOutcome::rate_limited:
      permit.ignore();
      if (result.retry_after) not_before_ms_ = std::max(not_before_ms_, now_ms + result.retry_after->count());
      return false;
    case DeliveryOutcome::unauthorized:
      break;
  }
  permit.ignore();
  probe_ms_ = now_ms + environment_.probe_unauthorized_ms;
  return !std::exchange(paused_, true);
}

void DeliveryTarget::unanswered(BreakerPermit permit) {
  if (in_flight_ > 0) --in_flight_;
  permit.failure();
}

std::int64_t retry_pause_ms(std::uint32_t attempts, const RetryTimes& times, Random& random) {
  const unsigned doublings = std::min(attempts == 0 ? 0U : attempts - 1, 30U);
  const double most =
      std::min(static_cast<double>(times.cap.count()),
               static_cast<double>(times.base.count()) * static_cast<double>(std::uint64_t{1} << doublings));
  return static_cast<std::int64_t>(most * random.uniform());
}

DeliveryLimits limits_of(const config::MessageRates& rates, std::string_view receiver, std::string_view integration) {
  const auto from = [](const config::MessageRate& rate) {
    DeliveryLimits out;
    out.tokens = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(rate.messages, 1, 1'000'000));
    out.per = std::clamp<std::chrono::nanoseconds>(rate.per, std::chrono::milliseconds{1}, std::chrono::hours{1});
    out.burst = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(rate.burst, 1, 1'000'000));
    return out;
  };
  if (const auto found = rates.receivers.find(receiver); found != rates.receivers.end()) return from(found->second);
  const std::string_view kind = integration.substr(0, integration.find('['));
  const auto of_kind = [&](const std::optional<config::MessageRate>& rate, std::uint32_t tokens, std::uint32_t burst) {
    return rate ? from(*rate) : DeliveryLimits{.tokens = tokens, .burst = burst};
  };
  if (kind == "slack") return of_kind(rates.slack, 1, 3);
  if (kind == "telegram") return of_kind(rates.telegram, 1, 3);
  if (kind == "pagerduty") return of_kind(rates.pagerduty, 2, 10);
  if (kind == "email") return of_kind(rates.email, 2, 10);
  return of_kind(rates.webhook, 50, 100);
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
