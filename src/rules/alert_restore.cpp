// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "rules/alerting_rule.hpp"
#include "storage/byte_stream.hpp"

// What a former process left of an alerting rule, from ALERTS_FOR_STATE and ALERTS in the store.

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

std::vector<storage::Matcher> matchers_of(const char* metric, const std::string& alert, bool firing) {
  std::vector<storage::Matcher> matchers;
  matchers.push_back(storage::Matcher::make(storage::MatchType::equal, "__name__", metric).value());
  matchers.push_back(storage::Matcher::make(storage::MatchType::equal, "alertname", alert).value());
  if (firing) matchers.push_back(storage::Matcher::make(storage::MatchType::equal, "alertstate", "firing").value());
  return matchers;
}

}  // namespace

bool AlertingRule::is_mine(const AlertLabels& labels) const {
  return std::all_of(labels_.begin(), labels_.end(), [&](const auto& label) {
    if (label.second.find("{{") != std::string::npos) return true;
    const auto found = labels.find(label.first);
    return found == labels.end() ? label.second.empty() : found->second == label.second;
  });
}

void AlertingRule::restore(std::int64_t time_ms) {
  const std::lock_guard lock(mutex_);
  const auto matchers = matchers_of("ALERTS_FOR_STATE", definition_.name, false);
  const auto series = context_->store->source().select(matchers, time_ms - context_->outage_tolerance.count(), time_ms);
  promql::Samples samples;
  std::int64_t earliest = time_ms;
  for (std::size_t i = 0; i < series->size(); ++i) {
    series->read(i, time_ms - context_->outage_tolerance.count(), time_ms, samples);
    if (samples.values.empty() || !std::isfinite(samples.values.back())) continue;  // a marker: it was not active
    ActiveAlert alert;
    alert.source = to_labels(series->labels(i));
    alert.source.erase("__name__");
    if (!is_mine(alert.source)) continue;
    const AlertLabels labels = alert.source;
    alert.source.erase("alertname");
    for (const auto& [name, value] : labels_) alert.source.erase(name);
    alert.state.value = std::numeric_limits<double>::quiet_NaN();
    alert.state.active_ms = std::llround(samples.values.back() * 1000);
    expand_texts(alert, alert.source, {time_ms, time_ms});
    alert.state.labels = labels;
    alert.last_present_ms = alert.last_known_ms = samples.times.back();
    alert.unconfirmed = 3;
    earliest = std::min(earliest, alert.state.active_ms);
    active_.insert_or_assign(labels, std::move(alert));
  }
  if (!active_.empty()) restore_firing(earliest, time_ms);
  for (auto& [labels, alert] : active_) {
    // A gap that queries bridge is none. The time of a longer one does not count: nobody knows what was then.
    const std::int64_t gap = time_ms - alert.last_present_ms;
    if (alert.state.phase == AlertPhase::pending && gap > context_->engine.options().lookback_ms) {
      alert.state.active_ms += gap;
    }
  }
}

void AlertingRule::restore_firing(std::int64_t from_ms, std::int64_t time_ms) {
  const std::int64_t from = std::max(from_ms, time_ms - std::int64_t{24} * 3600 * 1000);
  const auto matchers = matchers_of("ALERTS", definition_.name, true);
  const auto series = context_->store->source().select(matchers, from, time_ms);
  promql::Samples samples;
  for (std::size_t i = 0; i < series->size(); ++i) {
    AlertLabels labels = to_labels(series->labels(i));
    labels.erase("__name__");
    labels.erase("alertstate");
    const auto known = active_.find(labels);
    if (known == active_.end()) continue;
    AlertState& state = known->second.state;
    series->read(i, std::max(from, state.active_ms), time_ms, samples);
    if (samples.values.empty() || storage::is_stale(samples.values.back())) continue;
    state.phase = AlertPhase::firing;
    const auto first = std::find_if(samples.values.begin(), samples.values.end(),
                                    [](double value) { return !storage::is_stale(value); });
    const std::int64_t seen = samples.times[static_cast<std::size_t>(first - samples.values.begin())];
    state.fired_ms = from > state.active_ms ? state.active_ms + definition_.hold.count() : seen;
  }
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
