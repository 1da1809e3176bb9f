// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/alertmanager/notifier_config.hpp"
#include "notify/inhibitor.hpp"
#include "notify/integration.hpp"
#include "notify/route_tree.hpp"
#include "notify/silences.hpp"
#include "notify/time_intervals.hpp"
#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// The integrations of each receiver, by its name (receivers/make_integrations.hpp).
using Receivers = std::map<std::string, std::vector<std::shared_ptr<Integration>>, std::less<>>;

/// All that alertmanager.yml and bellwether.yml come to.
struct NotifierSetup {
  config::NotifierConfig config;
  Receivers receivers;
};

/// Why an alert is not told now; all empty: it is.
struct Suppression {
  std::vector<std::string> silenced_by;   ///< ids of silences
  std::vector<std::string> inhibited_by;  ///< fingerprints of alerts
  std::vector<std::string> muted_by;      ///< names of time intervals (of a group's route)

  bool empty() const noexcept { return silenced_by.empty() && inhibited_by.empty() && muted_by.empty(); }
};

/// What the notifier asks of its configuration. One object is one state of it: a reload makes another. Threads: one at a time.
class Policy {
 public:
  static Result<std::unique_ptr<Policy>> build(NotifierSetup setup, const Silences* silences);

  const config::NotifierExtensions& extensions() const noexcept { return setup_.config.extensions; }
  const Receivers& receivers() const noexcept { return setup_.receivers; }
  const RouteTree& routes() const noexcept { return tree_; }
  Inhibitor& inhibitor() noexcept { return inhibitor_; }

  bool urgent(const rules::AlertLabels& labels) const;
  /// The first that matches; null: it does not escalate.
  const config::EscalationPolicy* escalation(const rules::AlertLabels& labels) const;
  std::vector<std::string> muted_by(const std::string& route, std::int64_t now_ms) const;
  /// By a silence or another alert.
  bool holds_back(const rules::AlertLabels& labels, std::int64_t now_ms) const;
  Suppression suppression(const rules::AlertLabels& labels, const std::string& route, std::int64_t now_ms) const;

 private:
  Policy(NotifierSetup setup, const Silences* silences, RouteTree tree, Inhibitor inhibitor, TimeIntervals intervals)
      : setup_(std::move(setup)),
        silences_(silences),
        tree_(std::move(tree)),
        inhibitor_(std::move(inhibitor)),
        intervals_(std::move(intervals)) {}

  NotifierSetup setup_;
  const Silences* silences_;
  RouteTree tree_;
  Inhibitor inhibitor_;
  TimeIntervals intervals_;
  std::vector<LabelMatchers> urgent_;
  std::vector<LabelMatchers> escalations_;  // as in extensions().escalation
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
