// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "notify/notification.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// What came of one attempt to deliver, which decides what the outbox does next.
enum class DeliveryOutcome : std::uint8_t {
  delivered,
  transient,     ///< network, 5xx, time-out: again, backing off
  rate_limited,  ///< again, not before `retry_after`
  permanent,     ///< this message will never be taken: dead letter, fallback
  unauthorized,  ///< no message will be taken with these credentials: the integration rests, the fallback is told
};

/// One of several recipients of a message who was refused for good, or put off, by a receiver that answers for each of them.
struct LeftOut {
  std::string recipient;
  DeliveryOutcome outcome = DeliveryOutcome::transient;  ///< or permanent
  std::string error = {};                                ///< names the recipient
};

struct DeliveryResult {
  DeliveryOutcome outcome = DeliveryOutcome::delivered;
  std::optional<std::chrono::milliseconds> retry_after = {};  ///< as the receiver asked
  std::string error = {};                                     ///< never holds a secret or the path of a webhook
  std::string reference = {};  ///< the receiver's own id of the message, kept for a later update; may be empty
  /// Delivered: who of several did not get it; those who were put off, and only they, are tried again. Transient: nobody got it, and
  /// those refused for good among these are given up before the others are tried again.
  std::vector<LeftOut> left_out = {};
};

/// A message as the outbox holds it: rendered once, sent as often as needed.
struct OutgoingMessage {
  std::uint64_t id =
      0;  ///< of the outbox: stable across attempts, restarts and recipients, so it serves as idempotency key
  std::string payload = {};            ///< what `render` gave
  std::string deduplication_key = {};  ///< of the group at this integration: equal for firing and resolve
  std::uint32_t attempt = 1;
  std::string reference = {};                ///< of the last message of this group there; may be empty
  std::vector<std::string> recipients = {};  ///< of those that `Integration::recipients` gives; empty: all
};

/// One way out: a Slack webhook, a mailbox, … of one receiver of alertmanager.yml.
///
///     auto payload = integration->render(notification);        // in the outbox's transaction
///     integration->deliver({.id = 7, .payload = *payload, …}, [](DeliveryResult result) { … });
///
/// Threads: `render` and `deliver` from any. `deliver` does not wait: `done` is called once, from a thread of the transport, at the
/// latest after the integration's time-out. After `stop` of the transport nothing is called.
class Integration {
 public:
  using Done = std::function<void(DeliveryResult)>;

  virtual ~Integration() = default;
  /// Names it in metrics and rows: "slack[0]". Unique within the receiver, stable while the configuration stays.
  virtual const std::string& name() const noexcept = 0;
  virtual bool send_resolved() const noexcept = 0;
  /// The message, with all of the channel's limits kept. Errors: a template that fails.
  virtual Result<std::string> render(const Notification& notification) const = 0;
  /// What tells the channel that somebody has taken the group on (PagerDuty's `acknowledge`), delivered like any other; nothing
  /// where the channel has no such thing.
  virtual std::optional<std::string> render_acknowledgement(const Notification& notification) const {
    static_cast<void>(notification);
    return std::nullopt;
  }
  /// Those whom the receiver answers for one by one: the addresses of a mail. Empty: the message is taken or not.
  virtual std::vector<std::string> recipients(const std::string& payload) const {
    static_cast<void>(payload);
    return {};
  }
  virtual void deliver(const OutgoingMessage& message, Done done) = 0;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
