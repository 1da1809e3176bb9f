// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "notify/group.hpp"
#include "notify/policy.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

// Alerts that were told, fire and are not acknowledged go to further receivers, step by step (bellwether.yml's `escalation`). How far
// an alert has come stands in its member, and so outlives the process.

using Escalations = std::vector<std::pair<std::string, Telling>>;  ///< by receiver

/// When the group's next step is; 0: there is none.
std::int64_t next_escalation(const Group& group, AlertBook& alerts, const Policy& policy, std::int64_t now_ms);

/// Does the steps that are due; the members take note. `touched` gets the alerts concerned. Alerts that are held back wait.
Escalations escalate(Group& group, AlertBook& alerts, const Policy& policy, std::int64_t now_ms,
                     std::vector<std::int64_t>& touched);

/// To whom else the ends in `news` must be told: those to whom their firing was escalated.
Escalations escalated_ends(const Group& group, const GroupNews& news, const Policy& policy, std::int64_t now_ms);

}  // namespace notify
BELLWETHER_NAMESPACE_END
