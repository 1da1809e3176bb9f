// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/alertmanager/route_config.hpp"
#include "notify/matcher.hpp"
#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// Holds alerts back while others fire: `inhibit_rules`. Tell it of every alert, and ask before telling anybody.
///
///     inhibitor.note(alert);                                    // began, goes on, or ended
///     if (!inhibitor.inhibiting(alert.labels, now_ms).empty()) hold(alert);
///
/// An alert that matches both sides of a rule is not inhibited by others of which that is true, nor by itself. A label of `equal`
/// that both lack counts as equal. Asking costs a look-up a rule, however many alerts fire.
///
/// Threads: one at a time.
class Inhibitor {
 public:
  static Result<Inhibitor> build(const std::vector<config::InhibitRule>& rules);

  void note(const rules::Alert& alert);
  /// An alert that is kept no more.
  void forget(const rules::AlertLabels& labels);

  /// The fingerprints (as text) of alerts that hold this one back, one a rule at most; empty: none.
  std::vector<std::string> inhibiting(const rules::AlertLabels& labels, std::int64_t now_ms) const;

 private:
  struct Source {
    std::int64_t ends_ms = 0;  // 0: not known
    bool also_target = false;  // matches both sides
  };
  struct Rule {
    LabelMatchers source;
    LabelMatchers target;
    std::vector<std::string> equal;
    // By the values of `equal`, then by fingerprint.
    std::unordered_map<std::string, std::map<std::uint64_t, Source>> sources;
  };

  std::vector<Rule> rules_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
