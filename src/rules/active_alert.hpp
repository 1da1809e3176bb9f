// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <vector>

#include "rules/rule_options.hpp"
#include "rules/rule_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// How often an alert began to fire of late.
class FlapHistory {
 public:
  void began(std::int64_t time_ms, const RuleOptions& options) {
    if (options.flap_threshold == 0) return;
    forget(time_ms, options);
    if (began_.size() >= options.flap_threshold) began_.erase(began_.begin());
    began_.push_back(time_ms);
  }
  bool is_flapping(std::int64_t time_ms, const RuleOptions& options) {
    if (options.flap_threshold == 0) return false;
    forget(time_ms, options);
    return began_.size() >= options.flap_threshold;
  }

 private:
  void forget(std::int64_t time_ms, const RuleOptions& options) {
    while (!began_.empty() && time_ms - began_.front() > options.flap_window.count()) began_.erase(began_.begin());
  }
  std::vector<std::int64_t> began_;
};

/// One alert of a rule: Prometheus's state machine, and what ours adds to it.
struct ActiveAlert {
  AlertState state;
  AlertLabels source;  ///< labels of the element that it comes from, without the metric's name
  std::int64_t last_sent_ms = 0;
  bool changed = false;  ///< to be told, whenever the last time was

  std::int64_t last_present_ms = 0;
  std::int64_t last_known_ms = 0;  ///< when either it was present or the resolve expression knew of it
  FlapHistory flaps;

  bool present = false;  ///< in the evaluation under way

  /// Taken up from before the start: only this many evaluations without it end it, for targets may not have been asked yet.
  unsigned unconfirmed = 0;
};

/// All labels that both have are equal.
bool agree(const AlertLabels& a, const AlertLabels& b);

}  // namespace rules
BELLWETHER_NAMESPACE_END
