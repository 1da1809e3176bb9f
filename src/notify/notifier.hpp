// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "notify/notifier_options.hpp"
#include "notify/notifier_views.hpp"
#include "notify/policy.hpp"
#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// From alerts to people, without losing one. Takes alerts, groups them as Alertmanager does, and writes the change of each alert,
/// the state of its groups and the rendered messages down in one SQLite transaction (synchronous=FULL) before anything is sent.
///
///     auto notifier = Notifier::start({.directory = "data", .registry = &registry}, setup).value();
///     notifier->post(alerts);                             // written down; urgent ones are on their way already
///
/// What differs from Alertmanager, all on the side of telling sooner or at all:
/// - Urgent alerts (bellwether.yml's `urgent`; by default P0 and critical) wait for no group_wait and no group_interval, neither when
///   they begin nor when they end; no token bucket, digest or open breaker holds them back. Only a receiver's Retry-After does.
/// - Alerts, groups, their timers, what was told, silences, acknowledgements and messages outlive kill -9. No group is told again
///   because of a restart, and a group_wait goes on where it was.
/// - A firing that was told is followed by its end, silenced or not by then. What fired and ended before its group's time is told as
///   one message with the ended alert; what ended and fired again says so in the annotation `flapping`.
///
/// Guarantees. Each message is delivered at least once or becomes a dead letter (given up after `RetryTimes`, or refused for good),
/// of which the fallback receiver is told with all its alerts. Messages of one group go to one integration in their order, one at a
/// time; groups and integrations do not wait for each other.
///
/// Duplicates. A message is sent twice only if an answer was lost: a time-out or reset after the receiver took it, or a kill -9
/// between its answer and our commit. So a kill repeats at most what is under way: `DeliveryLimits::in_flight` messages (8) for each
/// integration, and the urgent ones under way, at most one for each group and `urgent_in_flight` (256) in all. The repetition bears the
/// same id and deduplication key (hex SHA-256 of the group key, as Alertmanager's), so PagerDuty shows none, e-mail bears the same
/// Message-ID, a webhook the same Idempotency-Key; Slack and Telegram may show one.
///
/// When the disk cannot be written, alerting goes on from memory: `post` says so in its error, the metric
/// `bellwether_notify_store_errors_total` counts, and all that is missing is written as soon as it can be.
///
/// Threads: any, all functions. `post` blocks for the disk (one transaction). Integrations are called on the poster's thread or the
/// notifier's own, with no lock held. Time is the wall clock's in milliseconds since the epoch.
class Notifier {
 public:
  /// Errors: a directory that another process has, or cannot be written; a receiver that is named but not there.
  static Result<std::unique_ptr<Notifier>> start(NotifierOptions options, NotifierSetup setup);
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  /// Alerts that began, go on or ended. Returns when they are written down.
  Result<void> post(std::span<const rules::Alert> alerts);
  rules::AlertSink sink();
  /// Ends what `mine` owns and nobody posted since the start: for a sender that has told all that fires, and was down meanwhile.
  Result<void> resolve_unrenewed(const std::function<bool(const rules::Alert&)>& mine);

  /// Another configuration. What is under way goes on; messages that wait keep what was rendered; groups whose route remains keep
  /// their state.
  Result<void> apply(NotifierSetup setup);

  /// In the notifier's file; a change is heeded at once.
  Silences& silences();

  std::vector<AlertView> alerts() const;
  std::vector<GroupView> groups() const;
  std::vector<DeadLetter> dead_letters() const;
  NotifierStatus status() const;

  /// Stops repeats and escalation of an alert until it ends or the acknowledgement does (without an end: after
  /// `acknowledgement_lifetime`). An error: no such alert fires.
  Result<void> acknowledge(const Acknowledgement& acknowledgement);
  Result<void> unacknowledge(std::string_view fingerprint);

  /// A sign of life from who must give one (`heartbeats` of bellwether.yml; without it `alertname="HeartbeatMissing"` fires). An
  /// error: nobody expects that name.
  Result<void> heartbeat(std::string_view name);

  /// Does what is due and says when the next thing is, or nothing if nothing ever is. The notifier's thread does no more than this.
  std::optional<std::int64_t> run_due();

  /// No message is begun any more; what is under way is awaited up to `patience`. Then its integrations may go.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds{5});

 private:
  class Core;
  explicit Notifier(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
