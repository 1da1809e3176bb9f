// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule_state.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

const char* name_of(AlertPhase phase) noexcept {
  switch (phase) {
    case AlertPhase::pending:
      return "pending";
    case AlertPhase::firing:
      return "firing";
    default:
      return "inactive";
  }
}

const char* name_of(RuleHealth health) noexcept {
  switch (health) {
    case RuleHealth::good:
      return "ok";
    case RuleHealth::bad:
      return "err";
    default:
      return "unknown";
  }
}

AlertPhase RuleState::phase() const noexcept {
  AlertPhase most = AlertPhase::inactive;
  for (const AlertState& alert : alerts) most = std::max(most, alert.phase);
  return most;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
