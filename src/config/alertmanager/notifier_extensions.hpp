// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/alertmanager/label_matcher.hpp"
#include "config/prometheus/http_client_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

// What Alertmanager cannot say. It stands in a file of its own beside alertmanager.yml, `bellwether.yml`, which a real Alertmanager
// never opens; without that file everything here has its default.

/// A token bucket: `messages` per `per`, of which `burst` may go at once. Urgent alerts pass it.
struct MessageRate {
  std::uint64_t messages = 1;
  std::chrono::milliseconds per{1000};
  std::uint64_t burst = 1;

  friend bool operator==(const MessageRate&, const MessageRate&) = default;
};

/// Limits of each integration of a kind; absent: the kind's own, which keep below what the service states.
struct MessageRates {
  std::optional<MessageRate> slack;
  std::optional<MessageRate> pagerduty;
  std::optional<MessageRate> email;
  std::optional<MessageRate> telegram;
  std::optional<MessageRate> webhook;
  /// By receiver: goes before the kind's.
  std::map<std::string, MessageRate, std::less<>> receivers;

  friend bool operator==(const MessageRates&, const MessageRates&) = default;
};

/// More than `max_messages` to one integration within `window`: the rest of the window becomes one message that counts them.
/// 0 messages: no digests. Urgent alerts never wait for one.
struct DigestConfig {
  std::uint64_t max_messages = 10;
  std::chrono::milliseconds window{60'000};

  friend bool operator==(const DigestConfig&, const DigestConfig&) = default;
};

struct EscalationStep {
  std::chrono::milliseconds after{0};  ///< since the alert's first message; rises from step to step
  std::vector<std::string> receivers;

  friend bool operator==(const EscalationStep&, const EscalationStep&) = default;
};

/// An alert that matches, fires and is not acknowledged goes to further receivers. The first policy that matches counts.
struct EscalationPolicy {
  std::string name;
  std::vector<LabelMatcher> matchers;
  std::vector<EscalationStep> steps;
  std::chrono::milliseconds repeat_interval{0};  ///< after the last step it is repeated so often; 0: never

  friend bool operator==(const EscalationPolicy&, const EscalationPolicy&) = default;
};

/// Watchdog out: a request at each interval while the notifier is well, for a service that alarms when it stays away.
struct WatchdogConfig {
  std::string name;
  Secret url;
  std::string url_file;
  std::string method = "GET";  ///< or HEAD, POST
  std::chrono::milliseconds interval{60'000};
  std::chrono::milliseconds timeout{10'000};
  HttpClientConfig http;

  friend bool operator==(const WatchdogConfig&, const WatchdogConfig&) = default;
};

/// Heartbeat in: POST /api/v2/heartbeats/<name> must come at least every `interval`; `grace` later an alert fires, with
/// `alertname="HeartbeatMissing"`, `heartbeat="<name>"` and these labels, until the next one comes. Counts from the notifier's
/// start, and a heartbeat told before it.
struct HeartbeatConfig {
  std::string name;
  std::chrono::milliseconds interval{60'000};
  std::chrono::milliseconds grace{10'000};
  std::map<std::string, std::string, std::less<>> labels;
  std::map<std::string, std::string, std::less<>> annotations;

  friend bool operator==(const HeartbeatConfig&, const HeartbeatConfig&) = default;
};

inline constexpr std::size_t shortest_webhook_key = 16;

/// `bellwether.yml`.
///
///     fallback_receiver: mail
///     urgent: ['severity=~"P0|critical"', 'urgent="true"']    # a list of alternatives
///     rate_limits: {slack: {messages: 1, per: 1s, burst: 3}, receivers: {mail: {messages: 20, per: 1h}}}
///     digest: {max_messages: 10, window: 1m}
///     acknowledgement_lifetime: 4h
///     escalation:
///       - {name: p0, matchers: [severity="P0"], steps: [{after: 5m, receivers: [on-call-2]}], repeat_interval: 30m}
///     watchdogs: [{name: outside, url_file: secrets/outside, interval: 1m}]
///     forward: all
///     one_message_per_alert: [on-call]
///     webhook_key_file: secrets/webhook
///     heartbeats: [{name: nightly, interval: 24h, grace: 30m, labels: {severity: P1}}]
struct NotifierExtensions {
  /// Told what another receiver can never be told (dead letters), and that a receiver rests. Empty: nobody.
  std::string fallback_receiver;
  /// An alert that matches all matchers of one entry is urgent: no group_wait, rate limit or digest holds it back.
  std::vector<std::vector<LabelMatcher>> urgent{
      {{LabelMatcherType::equal, "urgent", "true"}},
      {{LabelMatcherType::regex, "severity", "P0|p0|critical|CRITICAL"}},
      {{LabelMatcherType::equal, "priority", "P0"}},
  };
  MessageRates rate_limits;
  DigestConfig digest;
  /// An acknowledgement older than this no longer stops escalation.
  std::chrono::milliseconds acknowledgement_lifetime{std::chrono::hours(4)};
  /// How long a signed link for silence or acknowledgement works.
  std::chrono::milliseconds link_lifetime{std::chrono::hours(24)};
  std::vector<EscalationPolicy> escalation;
  std::vector<WatchdogConfig> watchdogs;
  std::vector<HeartbeatConfig> heartbeats;
  /// Of the Alertmanagers that prometheus.yml names: `all` must take each alert, since they know nothing of each other; `any`: one
  /// must, for they are a cluster. Counts from the monitor's start.
  bool forward_to_all = false;
  /// Receivers that are sent a message for each alert in place of one for the group, with a deduplication key of its own: an incident
  /// each in PagerDuty.
  std::set<std::string, std::less<>> one_message_per_alert;
  /// Signs what goes to webhooks; at least `shortest_webhook_key` bytes. Never in bellwether.yml itself: of the environment's
  /// BELLWETHER_WEBHOOK_KEY where `webhook_key_file` names no file that is there.
  Secret webhook_key;
  std::string webhook_key_file;  ///< read at each delivery

  friend bool operator==(const NotifierExtensions&, const NotifierExtensions&) = default;
};

}  // namespace config
BELLWETHER_NAMESPACE_END
