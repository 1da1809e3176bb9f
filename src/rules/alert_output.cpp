// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>
#include <utility>

#include "rules/alerting_rule.hpp"
#include "template/format.hpp"

// What an alerting rule says to the outside: alerts to the sink, ALERTS and ALERTS_FOR_STATE to the store.

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

void AlertingRule::tell(const Evaluation& evaluation) {
  std::vector<Alert> alerts;
  for (auto& [labels, alert] : active_) {
    if (alert.state.phase == AlertPhase::pending || alert.unconfirmed > 0) continue;
    const bool due = alert.last_sent_ms + context_->resend_delay.count() < evaluation.time_ms;
    if (!alert.changed && !due) continue;
    alert.changed = false;
    alert.last_sent_ms = evaluation.time_ms;
    alerts.push_back(to_alert(alert, evaluation));
  }
  if (!alerts.empty() && context_->sink) context_->sink(alerts);
}

Alert AlertingRule::to_alert(const ActiveAlert& alert, const Evaluation& evaluation) const {
  Alert out;
  out.labels = alert.state.labels;
  for (const auto& [name, value] : context_->external_labels) {
    if (!value.empty()) out.labels.emplace(name, value);
  }
  out.annotations = alert.state.annotations;
  out.starts_ms = alert.state.fired_ms;
  const auto patience = std::max(evaluation.interval, context_->resend_delay);
  out.ends_ms =
      alert.state.phase == AlertPhase::inactive ? alert.state.resolved_ms : evaluation.time_ms + 4 * patience.count();
  out.updated_ms = evaluation.time_ms;
  out.generator_url = context_->external_url + "/graph?g0.expr=" + templates::escape_query(printed_) + "&g0.tab=1";
  return out;
}

std::vector<RuleSample> AlertingRule::samples() const {
  std::vector<RuleSample> samples;
  for (const auto& [labels, alert] : active_) {
    if (alert.state.phase == AlertPhase::inactive) continue;
    AlertLabels named = labels;
    named["__name__"] = "ALERTS_FOR_STATE";
    if (Result<storage::LabelSet> set = to_label_set(named)) {
      samples.push_back({std::move(*set), 0, static_cast<double>(alert.state.active_ms) / 1000, nullptr});
    }
    named["__name__"] = "ALERTS";
    named["alertstate"] = name_of(alert.state.phase);
    if (Result<storage::LabelSet> set = to_label_set(named)) samples.push_back({std::move(*set), 0, 1, nullptr});
  }
  return samples;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
