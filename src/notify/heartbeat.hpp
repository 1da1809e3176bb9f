// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "config/alertmanager/notifier_extensions.hpp"
#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// The alert that fires while that heartbeat stays away.
rules::Alert missing_heartbeat(const config::HeartbeatConfig& heartbeat, std::int64_t now_ms);

/// When it is late, if it does not come. `last_ms`: when it came last, 0: never. One that was due while the notifier was down has its
/// grace from the start on.
std::int64_t heartbeat_due_ms(const config::HeartbeatConfig& heartbeat, std::int64_t last_ms, std::int64_t start_ms);

/// When each watchdog pings next. Threads: one at a time.
class Watchdogs {
 public:
  /// Those whose turn it is; the first time at once. `next_ms` becomes the next turn, if that is sooner.
  std::vector<const config::WatchdogConfig*> due(const std::vector<config::WatchdogConfig>& all, std::int64_t now_ms,
                                                 std::int64_t& next_ms);

 private:
  std::map<std::string, std::int64_t> next_;  // by name
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
