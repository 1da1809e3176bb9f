// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "notify/alert_book.hpp"
#include "notify/digest.hpp"
#include "notify/group_book.hpp"
#include "notify/outbox.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// All that outlives the process, in memory. Each part knows what changed since it was last saved: a save that fails loses nothing,
/// the next one writes it. Threads: one at a time.
struct NotifierState {
  using Place = std::pair<Outbox::Address, std::string>;  ///< of a group at an integration

  AlertBook alerts;
  GroupBook groups;
  Outbox outbox;
  std::map<Outbox::Address, DigestWindow> digests;
  std::map<Place, std::string> references;                      ///< the receiver's own ids of the last messages
  std::map<std::string, std::int64_t, std::less<>> heartbeats;  ///< when they last came

  std::uint64_t next_held_id = 1;
  std::vector<std::pair<Outbox::Address, HeldNotification>> held_added;
  std::vector<std::uint64_t> held_removed;
  std::set<Place> dirty_references;
  std::set<std::string> dirty_heartbeats;
  std::vector<DeadLetter> dead_added;

  bool clean() const noexcept {
    return alerts.dirty.empty() && groups.dirty.empty() && groups.dirty_members.empty() && outbox.added.empty() &&
           outbox.changed.empty() && outbox.removed.empty() && held_added.empty() && held_removed.empty() &&
           dirty_references.empty() && dirty_heartbeats.empty() && dead_added.empty();
  }
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
