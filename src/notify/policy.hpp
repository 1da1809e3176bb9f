// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "notify/integration.hpp"
#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// One way an alert takes through the route tree: who is told, together with which other alerts, and when.
struct RouteTaken {
  std::string route;     ///< stable id of the route: `{}/{team="fx"}`; the first half of the group key
  std::string receiver;  ///< by name
  rules::AlertLabels group_labels;
  std::int64_t group_wait_ms = 30'000;
  std::int64_t group_interval_ms = 300'000;
  std::int64_t repeat_interval_ms = 14'400'000;

  friend bool operator==(const RouteTaken&, const RouteTaken&) = default;
};

/// Why an alert is not told now; all empty: it is.
struct Suppression {
  std::vector<std::string> silenced_by;   ///< ids of silences
  std::vector<std::string> inhibited_by;  ///< fingerprints of alerts
  std::vector<std::string> muted_by;      ///< names of time intervals (of a group's route)

  bool empty() const noexcept { return silenced_by.empty() && inhibited_by.empty() && muted_by.empty(); }
};

/// What the notifier asks of alertmanager.yml and of the silences. One object is one state of the configuration: a reload brings
/// another. Threads: any; nothing of it blocks for the network.
class Policy {
 public:
  virtual ~Policy() = default;
  virtual std::vector<RouteTaken> routes(const rules::AlertLabels& labels) const = 0;
  /// Time intervals in which that route says nothing (mute) or outside of which it does not speak (active).
  virtual std::vector<std::string> muted_by(const std::string& route, std::int64_t now_ms) const = 0;
  virtual std::vector<std::string> silenced_by(const rules::AlertLabels& labels, std::int64_t now_ms) const = 0;
  /// `alert` began to fire, or it ended: inhibition knows its sources.
  virtual void changed(const rules::Alert& alert, std::int64_t now_ms) = 0;
  virtual std::vector<std::string> inhibited_by(const rules::AlertLabels& labels, std::int64_t now_ms) const = 0;
};

/// The integrations of each receiver, by its name.
using Receivers = std::map<std::string, std::vector<std::shared_ptr<Integration>>, std::less<>>;

/// All that a configuration file comes to. `configured_policy.hpp` makes it from alertmanager.yml; tests make their own.
struct NotifierSetup {
  std::shared_ptr<Policy> policy;
  Receivers receivers;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
