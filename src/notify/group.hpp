// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "notify/alert_book.hpp"
#include "notify/notification.hpp"
#include "notify/policy.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// What a group's receiver knows of one of its alerts.
struct Member {
  bool told = false;         ///< was told that it fires, and not that it ended
  bool untold = true;        ///< began, and was not told of that
  std::uint32_t flaps = 0;   ///< ended and began again since the last message
  std::int64_t told_ms = 0;  ///< of the first message about this firing
  std::uint32_t steps = 0;   ///< of the escalation that are done
  std::int64_t step_ms = 0;  ///< when the last one was
};

/// Alerts of one route with equal group labels: told together. Times are milliseconds since the epoch.
struct Group {
  std::int64_t id = 0;
  std::string route;     ///< its id
  std::string identity;  ///< route and labels: the lane, the same before and after a restart
  std::string key;       ///< Alertmanager's group key
  std::string receiver;
  rules::AlertLabels labels;
  std::int64_t wait_ms = 30'000;
  std::int64_t interval_ms = 300'000;
  std::int64_t repeat_ms = 14'400'000;

  std::int64_t due_ms = 0;                 ///< next look
  std::int64_t told_ms = 0;                ///< last message; 0: none yet
  bool looked = false;                     ///< its group_wait is over
  bool orphan = false;                     ///< its route is gone: only ends are told
  bool fallback = false;                   ///< the fallback receiver was told of a firing: it hears the end too
  std::map<std::int64_t, Member> members;  ///< by the alert's id
};

/// What a group has to say at one moment.
struct GroupNews {
  struct Item {
    KeptAlert* alert;
    bool changed;  ///< began or ended since the last message
    bool pulse;    ///< began and ended since the last message
    std::uint32_t flaps;
  };
  std::vector<Item> firing;
  std::vector<Item> resolved;         ///< each told that it fired, or a pulse
  std::vector<std::int64_t> settled;  ///< members of whom nothing is left to say
  std::size_t suppressed = 0;         ///< firing ones that are held back
  bool suppressed_urgent = false;
  std::optional<NotificationReason> reason;  ///< nothing: nobody is told

  bool urgent_change() const;
};

/// Decides, and changes nothing.
GroupNews news_of(const Group& group, AlertBook& book, const Policy& policy, std::int64_t now_ms);

/// The group's state after `news` was written into the outbox.
void told(Group& group, const GroupNews& news, std::int64_t now_ms);

/// A notification, and of each of its alerts why it stands there.
struct Telling {
  Notification notification;
  std::vector<bool> changed;  ///< began or ended since the last message
  std::vector<bool> pulse;    ///< ended, and who takes no ends must hear of it all the same
};

/// All that the news hold, firing ones first.
Telling telling_of(const Group& group, const GroupNews& news, std::int64_t now_ms);
/// As `group`'s, to another receiver and about these alerts alone.
Telling telling_to(const std::string& receiver, const Group& group, std::vector<rules::Alert> alerts,
                   NotificationReason reason, std::int64_t now_ms);

/// Fills in the common labels and annotations.
void fill_common(Notification& notification);

}  // namespace notify
BELLWETHER_NAMESPACE_END
