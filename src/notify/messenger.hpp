// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "notify/group.hpp"
#include "notify/notifier_metrics.hpp"
#include "notify/notifier_options.hpp"
#include "notify/notifier_state.hpp"
#include "notify/policy.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// Renders what is to be told for each integration of a receiver and puts it into the outbox, or aside for a digest.
/// Threads: one at a time.
class Messenger {
 public:
  Messenger(NotifierState& state, const NotifierOptions& options, const NotifierMetrics& metrics)
      : state_(state), options_(options), metrics_(metrics) {}

  void use(const Policy& policy) { policy_ = &policy; }

  /// `lane`: the group, whose messages keep their order.
  void tell(const std::string& receiver, const std::string& lane, Telling telling, std::int64_t now_ms);
  /// Writes the digests that are due. Gives when the next one is; 0: none waits.
  std::int64_t write_digests(std::int64_t now_ms);

  /// Rows that could not be rendered, with the reason as their error: for the dead.
  std::vector<std::uint64_t> take_unrenderable() { return std::exchange(unrenderable_, {}); }

 private:
  void put(const Outbox::Address& address, const Integration& integration, const std::string& lane,
           Notification notification, bool urgent, std::int64_t now_ms);
  void write(const Outbox::Address& address, const Integration& integration, std::vector<std::string> lanes,
             const Notification& notification, bool urgent, std::int64_t now_ms);
  std::int64_t give_up_ms(const Notification& notification, bool urgent) const;
  bool one_by_one(const Outbox::Address& address) const;

  NotifierState& state_;
  const NotifierOptions& options_;
  const NotifierMetrics& metrics_;
  const Policy* policy_ = nullptr;
  std::vector<std::uint64_t> unrenderable_;
};

/// Hexadecimal SHA-256: Alertmanager's deduplication key of a group key.
std::string deduplication_key(std::string_view group_key);
/// What a message about one alert of a group puts behind the key and the lane of the group: "/" and its fingerprint.
std::string suffix_of_alert(const rules::AlertLabels& labels);
/// The label `severity`, else `priority`; empty: neither.
std::string severity_of(const rules::AlertLabels& labels);

}  // namespace notify
BELLWETHER_NAMESPACE_END
