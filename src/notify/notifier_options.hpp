// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/random.hpp>
#include <bellwether/registry.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "config/alertmanager/notifier_extensions.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// How fast an integration may be written to.
struct DeliveryLimits {
  std::uint32_t tokens = 1;  ///< messages …
  std::chrono::nanoseconds per = std::chrono::seconds{1};
  std::uint32_t burst = 3;
  /// Messages under way at once, of different groups; bounds the duplicates of a kill -9.
  std::uint32_t in_flight = 8;
  std::uint32_t urgent_in_flight = 256;  ///< the same for urgent ones
};

/// Times of delivery, the same for every integration.
struct RetryTimes {
  std::chrono::milliseconds base{1000};  ///< the n-th pause is anything between 0 and base · 2ⁿ …
  std::chrono::milliseconds cap{std::chrono::minutes{5}};    ///< … up to this
  std::chrono::milliseconds lease{std::chrono::minutes{2}};  ///< an attempt without an answer for so long has failed
  /// The fallback receiver is told of an urgent message that is not delivered by then; the message is tried on.
  std::chrono::milliseconds tell_fallback_urgent{std::chrono::minutes{1}};
  std::chrono::milliseconds give_up_urgent{std::chrono::hours{24}};
  std::chrono::milliseconds give_up_warning{
      std::chrono::hours{6}};  ///< high, warning, P1, P2, and those without a severity
  std::chrono::milliseconds give_up_info{std::chrono::hours{1}};
  std::chrono::milliseconds probe_unauthorized{std::chrono::minutes{5}};  ///< a refused credential is tried again
};

/// What the options of bellwether.yml cannot say: how the process that holds the notifier runs it.
struct NotifierOptions {
  std::string directory;  ///< holds alerts.sqlite and notifier/lock; made where there is none
  std::string external_url = {};
  RetryTimes retry = {};
  /// Sends a watchdog's ping; see http_pinger.hpp. Called while the notifier is well and can write. Does not wait.
  std::function<void(const config::WatchdogConfig&)> ping = {};
  /// An alert whose sender promised to renew it by a moment at which we were down waits so long after the start before it ends.
  std::chrono::milliseconds start_grace{10'000};
  std::chrono::milliseconds keep_resolved{std::chrono::minutes{15}};  ///< shown so long; a sender may repeat the end

  bool own_thread = true;  ///< false: nothing happens by itself, call `run_due` (tests)
  const Clock* clock = &Clock::system();
  Random* random = &Random::system();
  Registry* registry = nullptr;
  std::function<void(std::string_view)> log = {};
};

/// Of an integration: what bellwether.yml says for its receiver or its kind (the name's part before `[`); else what the services
/// allow: Slack and Telegram 1/s with bursts of 3, PagerDuty 2/s, e-mail 2/s, webhooks 50/s.
DeliveryLimits limits_of(const config::MessageRates& rates, std::string_view receiver, std::string_view integration);

}  // namespace notify
BELLWETHER_NAMESPACE_END
