// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/policy.hpp"

#include <algorithm>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

Result<void> check_receiver(const Receivers& receivers, const std::string& name, const std::string& what) {
  if (name.empty() || receivers.contains(name)) return {};
  return Error{what + " names the receiver \"" + name + "\", which alertmanager.yml does not have"};
}

Result<void> check_receivers(const NotifierSetup& setup, const Route& route) {
  if (auto known = check_receiver(setup.receivers, route.receiver, "the route " + route.id); !known) return known;
  for (const Route& child : route.routes) {
    if (auto known = check_receivers(setup, child); !known) return known;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Policy>> Policy::build(NotifierSetup setup, const Silences* silences) {
  Result<RouteTree> tree = RouteTree::build(setup.config.route);
  if (!tree) return tree.error();
  Result<Inhibitor> inhibitor = Inhibitor::build(setup.config.inhibit_rules);
  if (!inhibitor) return inhibitor.error();
  Result<TimeIntervals> intervals = TimeIntervals::build(setup.config.time_intervals);
  if (!intervals) return intervals.error();

  const config::NotifierExtensions& extensions = setup.config.extensions;
  if (auto known = check_receivers(setup, tree->root()); !known) return known.error();
  if (auto known = check_receiver(setup.receivers, extensions.fallback_receiver, "fallback_receiver"); !known) {
    return known.error();
  }
  std::vector<LabelMatchers> urgent;
  for (const auto& matchers : extensions.urgent) {
    Result<LabelMatchers> compiled = LabelMatchers::make(matchers);
    if (!compiled) return compiled.error();
    urgent.push_back(std::move(*compiled));
  }
  std::vector<LabelMatchers> escalations;
  for (const config::EscalationPolicy& escalation : extensions.escalation) {
    Result<LabelMatchers> compiled = LabelMatchers::make(escalation.matchers);
    if (!compiled) return compiled.error();
    escalations.push_back(std::move(*compiled));
    for (const config::EscalationStep& step : escalation.steps) {
      for (const std::string& receiver : step.receivers) {
        if (auto known = check_receiver(setup.receivers, receiver, "escalation " + escalation.name); !known) {
          return known.error();
        }
      }
    }
  }

  std::unique_ptr<Policy> policy(
      new Policy(std::move(setup), silences, std::move(*tree), std::move(*inhibitor), std::move(*intervals)));
  policy->urgent_ = std::move(urgent);
  policy->escalations_ = std::move(escalations);
  return policy;
}

bool Policy::urgent(const rules::AlertLabels& labels) const {
  return std::any_of(urgent_.begin(), urgent_.end(),
                     [&labels](const LabelMatchers& matchers) { return matchers.matches(labels); });
}

const config::EscalationPolicy* Policy::escalation(const rules::AlertLabels& labels) const {
  for (std::size_t i = 0; i < escalations_.size(); ++i) {
    if (escalations_[i].matches(labels)) return &extensions().escalation[i];
  }
  return nullptr;
}

std::vector<std::string> Policy::muted_by(const std::string& route, std::int64_t now_ms) const {
  const Route* const found = tree_.find(route);
  return found == nullptr ? std::vector<std::string>{} : intervals_.muting(*found, now_ms);
}

bool Policy::holds_back(const rules::AlertLabels& labels, std::int64_t now_ms) const {
  return (silences_ != nullptr && !silences_->silencing(labels, now_ms).empty()) ||
         !inhibitor_.inhibiting(labels, now_ms).empty();
}

Suppression Policy::suppression(const rules::AlertLabels& labels, const std::string& route, std::int64_t now_ms) const {
  Suppression why;
  if (silences_ != nullptr) why.silenced_by = silences_->silencing(labels, now_ms);
  why.inhibited_by = inhibitor_.inhibiting(labels, now_ms);
  why.muted_by = muted_by(route, now_ms);
  return why;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
