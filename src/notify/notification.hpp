// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// Why a receiver is told now.
enum class NotificationReason : std::uint8_t {
  first,
  new_alerts,
  some_resolved,
  all_resolved,
  repeat,
  escalation,
  digest
};

/// What a receiver is told: one group of alerts at one moment, Alertmanager's template data. Integrations render it at once; the
/// outbox keeps what they rendered.
struct Notification {
  std::string receiver = {};
  std::string group_key = {};  ///< `{}/{team="fx"}:{alertname="KillSwitch"}`, stable across restarts
  rules::AlertLabels group_labels = {};
  rules::AlertLabels common_labels = {};
  rules::AlertLabels common_annotations = {};
  std::vector<rules::Alert> alerts = {};  ///< firing ones first; resolved ones only where the integration takes them
  std::uint64_t truncated_alerts = 0;
  std::string external_url = {};  ///< of the monitor, without a slash at the end
  std::int64_t now_ms = 0;
  NotificationReason reason = NotificationReason::first;

  /// "firing" while one of them fires.
  bool firing() const noexcept {
    for (const rules::Alert& alert : alerts) {
      if (!alert.resolved_at(now_ms)) return true;
    }
    return false;
  }
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
