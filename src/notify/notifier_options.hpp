// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/random.hpp>
#include <bellwether/registry.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// After an alert was told and nobody acknowledged it for so long, another receiver is told too.
struct EscalationStep {
  std::chrono::milliseconds after;
  std::string receiver;
};

/// The first policy whose labels all match an alert is the alert's.
struct EscalationPolicy {
  rules::AlertLabels match;  ///< {severity: P0}; empty: every alert
  std::vector<EscalationStep> steps;
};

/// Somebody who has to say that he lives. Silent for `interval`: the notifier raises `alertname="HeartbeatAbsent"` with
/// `heartbeat=<name>` and these labels, urgent where they say so. The first interval begins at the start.
struct ExpectedHeartbeat {
  std::string name;
  std::chrono::milliseconds interval;
  rules::AlertLabels labels = {};
};

/// The watchdog out: `ping` is called each interval while the notifier works and can write; an outside service that misses it
/// raises the alarm. See http_pinger.hpp.
struct Watchdog {
  std::chrono::milliseconds interval{0};  ///< 0: none
  std::function<void()> ping = {};
};

/// How fast an integration may be written to, and when it counts as down. By the name's part before `[`: "slack".
struct DeliveryLimits {
  std::uint32_t tokens = 1;  ///< messages …
  std::chrono::nanoseconds per = std::chrono::seconds{1};
  std::uint32_t burst = 3;
  std::uint32_t in_flight =
      8;  ///< messages under way at once (of different groups); bounds the duplicates of a kill -9
};

/// Times of delivery, the same for every integration.
struct RetryTimes {
  std::chrono::milliseconds base{1000};  ///< the n-th pause is anything between 0 and base · 2ⁿ …
  std::chrono::milliseconds cap{std::chrono::minutes{5}};    ///< … up to this
  std::chrono::milliseconds lease{std::chrono::minutes{2}};  ///< an attempt without an answer for so long has failed
  std::chrono::milliseconds give_up_urgent{std::chrono::hours{24}};
  std::chrono::milliseconds give_up_warning{
      std::chrono::hours{6}};  ///< high, warning, P1, P2, and those without a severity
  std::chrono::milliseconds give_up_info{std::chrono::hours{1}};
  std::chrono::milliseconds probe_unauthorized{std::chrono::minutes{5}};  ///< a refused credential is tried again
};

/// When single messages become one that counts. Urgent alerts are never held back.
struct DigestTimes {
  std::uint32_t messages = 10;               ///< an integration gets so many one by one …
  std::chrono::milliseconds window{10'000};  ///< … in this time; the rest waits for its end and becomes one message
};

struct NotifierOptions {
  std::string directory;  ///< holds alerts.sqlite and a lock; made where there is none
  std::string external_url = {};
  std::string fallback_receiver = {};  ///< gets what another one could not be given; empty: nobody does
  std::vector<EscalationPolicy> escalations = {};
  std::vector<ExpectedHeartbeat> heartbeats = {};
  Watchdog watchdog = {};
  std::function<DeliveryLimits(std::string_view integration)> limits = {};  ///< empty: default_limits
  RetryTimes retry = {};
  DigestTimes digest = {};
  bool deduplicate_by_alert = false;  ///< deduplication keys by alert, not by group, where a message holds one alert
  /// An alert whose sender promised to renew it by a moment at which we were down waits so long after the start before it ends.
  std::chrono::milliseconds start_grace{10'000};
  std::chrono::milliseconds keep_resolved{std::chrono::minutes{15}};  ///< shown so long; a sender may repeat the end

  bool own_thread = true;  ///< false: nothing happens by itself, call `run_due` (tests)
  const Clock* clock = &Clock::system();
  Random* random = &Random::system();
  Registry* registry = nullptr;
  std::function<void(std::string_view)> log = {};
};

/// What the services allow: Slack 1/s with bursts of 3, Telegram 1/s, PagerDuty 2/s, others 10/s.
DeliveryLimits default_limits(std::string_view integration);

}  // namespace notify
BELLWETHER_NAMESPACE_END
