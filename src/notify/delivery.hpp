// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "notify/delivery_target.hpp"
#include "notify/mailbox.hpp"
#include "notify/messenger.hpp"
#include "notify/notifier_metrics.hpp"
#include "notify/notifier_options.hpp"
#include "notify/notifier_state.hpp"
#include "notify/policy.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// A message that goes as soon as what was decided stands on disk.
struct Departure {
  std::uint64_t row = 0;
  std::shared_ptr<Integration> integration;
  OutgoingMessage message;
};

/// Chooses which messages of the outbox go, and decides what their answers mean: sent, again later, dead; and that the fallback
/// receiver must be told. Threads: one at a time.
class Delivery {
 public:
  Delivery(NotifierState& state, const NotifierOptions& options, const NotifierMetrics& metrics, Messenger& messenger)
      : state_(state), options_(options), metrics_(metrics), messenger_(messenger) {}

  /// A configuration: what is known of integrations that stay is kept; those that went serve what is under way.
  void use(const Policy& policy);

  void take(const Mailbox::Answer& answer, std::int64_t now_ms);
  /// Attempts whose answer never came.
  void expire(std::int64_t now_ms);
  /// Given up: a dead letter, and the fallback is told.
  void bury(std::uint64_t id, std::int64_t now_ms);
  /// Messages that may go now. They count as under way. `next_ms` becomes the time to ask again, if that is sooner.
  std::vector<Departure> pick(std::int64_t now_ms, std::int64_t& next_ms);

  std::size_t in_flight() const noexcept { return under_way_.size(); }
  std::uint64_t delivered() const noexcept { return delivered_; }
  std::uint64_t dead() const noexcept { return dead_; }
  const std::map<Outbox::Address, std::unique_ptr<DeliveryTarget>>& targets() const noexcept { return targets_; }

 private:
  struct UnderWay {
    std::uint32_t attempt;
    Outbox::Address address;
    BreakerPermit permit;
    std::chrono::nanoseconds since;  // monotonic
    std::int64_t lease_ms;
  };
  void delivered(OutboxRow& row, const DeliveryResult& result, std::int64_t answered_ms, std::int64_t now_ms);
  void failed(OutboxRow& row, const DeliveryResult& result, std::int64_t answered_ms, std::int64_t now_ms);
  /// Gives up those of a row's recipients who were refused for good. Back come those who were put off.
  std::vector<std::string> bury_refused(const OutboxRow& row, const DeliveryResult& result, std::int64_t now_ms);
  /// Nobody got it, and some never will: the row is for the others. False: there are none, and the row is gone.
  bool keep_for_others(OutboxRow& row, const DeliveryResult& result, std::int64_t now_ms);
  /// Those for whom something older waits get this one after it. False: there are no others, and the row is gone.
  bool split_behind(OutboxRow& row, const Integration& integration);
  std::vector<std::string> recipients_of(const OutboxRow& row) const;
  void tell_fallback(OutboxRow& row, std::int64_t now_ms);
  void tell_fallback_of_all(const Outbox::Address& address, std::int64_t now_ms);
  void bury_homeless(const Outbox::Address& address, std::int64_t now_ms);

  NotifierState& state_;
  const NotifierOptions& options_;
  const NotifierMetrics& metrics_;
  Messenger& messenger_;
  const Policy* policy_ = nullptr;
  std::map<Outbox::Address, std::unique_ptr<DeliveryTarget>> targets_;
  std::map<std::uint64_t, UnderWay> under_way_;
  std::uint64_t delivered_ = 0;
  std::uint64_t dead_ = 0;
};

/// "slack" of "slack[0]": what metrics call an integration.
std::string_view kind_of(std::string_view integration) noexcept;

}  // namespace notify
BELLWETHER_NAMESPACE_END
