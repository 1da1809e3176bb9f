// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/alerting_rule.hpp"

#include <algorithm>
#include <limits>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

/// Ended alerts are told again for so long: whoever receives them may have been down.
constexpr std::int64_t resolved_retention_ms = 15LL * 60 * 1000;

bool is_template(const std::string& text) {
  return text.find("{{") != std::string::npos;
}

bool comes_of(const ArrivedSeries& arrived, const AlertLabels& source) {
  return arrived.labels == nullptr || agree(source, *arrived.labels);
}

}  // namespace

bool agree(const AlertLabels& a, const AlertLabels& b) {
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() && j != b.end()) {
    const int order = i->first.compare(j->first);
    if (order == 0 && i->second != j->second) return false;
    if (order <= 0) ++i;
    if (order >= 0) ++j;
  }
  return true;
}

RuleReport AlertingRule::evaluate_arrival(std::int64_t time_ms, std::span<const ArrivedSeries> changed,
                                          std::chrono::milliseconds interval, std::uint64_t limit, bool more_follow) {
  const std::lock_guard lock(mutex_);
  changed_ = changed;
  Evaluation evaluation{time_ms, time_ms, interval, limit};
  if (time_ms < last_query_ms_) {
    if (definition_.hold.count() == 0) {
      if (Result<Alerts> elements = find_elements(evaluation)) {
        resolve_asked_ = false;
        take_elements(std::move(*elements), time_ms, true);
        step(evaluation, true);
        tell(evaluation);
      }
    }
    evaluation.time_ms = evaluation.query_ms = last_query_ms_;
    if (more_follow) {
      changed_ = {};
      return {};
    }
  }
  const RuleReport report = evaluate_locked(evaluation);
  changed_ = {};
  return report;
}

Result<std::vector<RuleSample>> AlertingRule::run(const Evaluation& evaluation) {
  Result<Alerts> elements = find_elements(evaluation);
  if (!elements) return elements.error();
  resolve_asked_ = false;
  take_elements(std::move(*elements), evaluation.time_ms, false);
  step(evaluation, false);
  const auto live = static_cast<std::size_t>(std::count_if(active_.begin(), active_.end(), [](const auto& entry) {
    return entry.second.state.phase != AlertPhase::inactive;
  }));
  if (evaluation.limit > 0 && live > evaluation.limit) {
    active_.clear();
    return Error{"exceeded limit of " + std::to_string(evaluation.limit) + " with " + std::to_string(live) + " alerts"};
  }
  tell(evaluation);
  return samples();
}

Result<AlertingRule::Alerts> AlertingRule::find_elements(const Evaluation& evaluation) const {
  const Result<promql::QueryResult> result = query(*definition_.tree, definition_.expression, evaluation.query_ms);
  if (!result) return result.error();
  Alerts elements;
  for (const promql::ResultSeries& series : result->series) {
    const AlertLabels labels = to_labels(series.labels);
    ActiveAlert alert;
    alert.source = labels;
    alert.source.erase("__name__");
    alert.state.value = series.points.front().value;
    alert.state.active_ms = evaluation.time_ms;
    expand_texts(alert, labels, evaluation);
    AlertLabels key = alert.state.labels;
    if (!elements.emplace(std::move(key), std::move(alert)).second) {
      return Error{"vector contains metrics with the same labelset after applying alert labels"};
    }
  }
  return elements;
}

void AlertingRule::expand_texts(ActiveAlert& alert, const AlertLabels& labels, const Evaluation& evaluation) const {
  const std::function<Result<std::vector<TemplateSample>>(std::string_view)> ask =
      [this, &evaluation](std::string_view text) { return query_for_template(*context_, text, evaluation.time_ms); };
  const TemplateContext context{
      definition_.name,   labels, alert.state.value, context_->external_labels, context_->external_url,
      evaluation.time_ms, ask};
  alert.state.labels = alert.source;
  for (const auto& [name, text] : labels_) {
    std::string value = expand(text, context);
    if (value.empty()) {
      alert.state.labels.erase(name);
    } else {
      alert.state.labels[name] = std::move(value);
    }
  }
  alert.state.labels["alertname"] = definition_.name;
  for (const auto& [name, text] : definition_.annotations) {
    if (name.rfind(option_prefix, 0) != 0) alert.state.annotations[name] = expand(text, context);
  }
}

std::string AlertingRule::expand(const std::string& text, const TemplateContext& context) const {
  if (!context_->expand || !is_template(text)) return text;
  Result<std::string> expanded = context_->expand(text, context);
  if (expanded) return std::move(*expanded);
  if (context_->log) context_->log("alert " + definition_.name + ": a template failed: " + expanded.error().message);
  return "<error expanding template: " + expanded.error().message + ">";
}

void AlertingRule::take_elements(Alerts&& elements, std::int64_t time_ms, bool late) {
  for (auto& [labels, alert] : active_) alert.present = false;
  for (auto& [labels, element] : elements) {
    const auto known = active_.find(labels);
    if (known == active_.end()) {
      if (late && !may_begin_late(element.source, nullptr, time_ms)) continue;
      element.present = true;
      active_.emplace(labels, std::move(element));
      continue;
    }
    ActiveAlert& alert = known->second;
    if (alert.state.phase != AlertPhase::inactive) {
      alert.present = true;
      if (late) continue;  // what is known is newer
      alert.state.value = element.state.value;
      alert.state.annotations = std::move(element.state.annotations);
      alert.source = std::move(element.source);
    } else {
      if (late && !may_begin_late(element.source, &alert, time_ms)) continue;
      element.present = true;
      element.flaps = std::move(alert.flaps);
      alert = std::move(element);
    }
  }
}

bool AlertingRule::may_begin_late(const AlertLabels& source, const ActiveAlert* ended, std::int64_t time_ms) const {
  const bool is_after = ended != nullptr && ended->state.resolved_ms <= time_ms;
  const bool is_told = ended != nullptr && !is_after && ended->state.active_ms <= time_ms;
  return !is_told && std::any_of(changed_.begin(), changed_.end(), [&](const ArrivedSeries& one) {
    return (one.begins || is_after) && comes_of(one, source);
  });
}

bool AlertingRule::is_concerned(const AlertLabels& source) const {
  return std::any_of(changed_.begin(), changed_.end(), [&](const ArrivedSeries& one) { return comes_of(one, source); });
}

void AlertingRule::step(const Evaluation& evaluation, bool late) {
  // With nothing that keeps it, an alert ends when its expression gives nothing.
  const bool ends_at_once = definition_.keep_firing.count() == 0 && definition_.options.resolve_tree == nullptr &&
                            definition_.options.flap_threshold == 0;
  for (auto entry = active_.begin(); entry != active_.end();) {
    ActiveAlert& alert = entry->second;
    const bool concerned = !late || (evaluation.time_ms >= alert.state.active_ms && is_concerned(alert.source));
    bool keep = true;
    if (concerned && alert.present) {
      step_present(alert, evaluation.time_ms);
    } else if (concerned) {
      if (late && ends_at_once && alert.state.phase == AlertPhase::inactive) {
        // Told with a later end, while the sample that ended it had not arrived: what begins between them is another alert.
        alert.state.resolved_ms = std::min(alert.state.resolved_ms, evaluation.time_ms);
      }
      keep = step_absent(alert, evaluation);
    }
    entry = keep ? std::next(entry) : active_.erase(entry);
  }
}

void AlertingRule::step_present(ActiveAlert& alert, std::int64_t time_ms) const {
  AlertState& state = alert.state;
  alert.unconfirmed = 0;
  alert.last_present_ms = std::max(alert.last_present_ms, time_ms);
  alert.last_known_ms = alert.last_present_ms;
  const bool again = std::exchange(state.keep_firing_since_ms, 0) != 0;
  if (state.phase == AlertPhase::pending && time_ms - state.active_ms >= definition_.hold.count()) {
    state.phase = AlertPhase::firing;
    state.fired_ms = time_ms;
    alert.changed = true;
    alert.flaps.began(time_ms, definition_.options);
  } else if (again) {
    alert.flaps.began(time_ms, definition_.options);  // it would have, had it not been kept
  }
  if (state.phase != AlertPhase::firing) return;
  const bool flapping = alert.flaps.is_flapping(time_ms, definition_.options);
  if (std::exchange(state.flapping, flapping) != flapping) alert.changed = true;
  if (flapping) state.annotations[flapping_annotation] = "true";
}

bool AlertingRule::step_absent(ActiveAlert& alert, const Evaluation& evaluation) {
  AlertState& state = alert.state;
  if (state.phase == AlertPhase::pending) return is_unconfirmed(alert);
  if (state.phase == AlertPhase::inactive) {
    const std::int64_t retention = std::max(
        resolved_retention_ms, definition_.options.flap_threshold > 0 ? definition_.options.flap_window.count() : 0);
    return evaluation.time_ms - state.resolved_ms <= retention;
  }
  if (is_unconfirmed(alert) || keeps_firing(alert, evaluation)) return true;
  state.phase = AlertPhase::inactive;
  state.resolved_ms = evaluation.time_ms;
  state.keep_firing_since_ms = 0;
  state.flapping = false;
  alert.changed = true;
  return true;
}

bool AlertingRule::is_unconfirmed(ActiveAlert& alert) const {
  if (alert.unconfirmed == 0) return false;
  const bool spoken = std::any_of(changed_.begin(), changed_.end(), [&](const ArrivedSeries& one) {
    return one.labels != nullptr && comes_of(one, alert.source);  // its own series
  });
  if (!spoken && (!changed_.empty() || --alert.unconfirmed > 0)) return true;
  alert.unconfirmed = 0;
  return false;
}

bool AlertingRule::keeps_firing(ActiveAlert& alert, const Evaluation& evaluation) {
  AlertState& state = alert.state;
  const RuleOptions& options = definition_.options;
  const std::int64_t now = evaluation.time_ms;
  const std::int64_t since = state.keep_firing_since_ms == 0 ? now : state.keep_firing_since_ms;
  bool keep = definition_.keep_firing.count() > 0 && now - since < definition_.keep_firing.count();
  if (!keep && options.resolve_tree != nullptr) {
    if (!resolve_asked_) ask_resolve(evaluation.query_ms);
    const ResolveAnswer answer = resolve_answer(alert);
    if (answer != ResolveAnswer::unknown) alert.last_known_ms = now;
    keep = answer == ResolveAnswer::hold ||
           (answer == ResolveAnswer::unknown && now - alert.last_known_ms < options.resolve_timeout.count());
  }
  if (!keep && state.flapping) keep = now - alert.last_present_ms < options.flap_window.count();
  if (keep) state.keep_firing_since_ms = since;
  return keep;
}

void AlertingRule::ask_resolve(std::int64_t query_ms) {
  resolve_asked_ = true;
  resolve_answers_.clear();
  const RuleOptions& options = definition_.options;
  const Result<promql::QueryResult> result = query(*options.resolve_tree, options.resolve_expression, query_ms);
  if (!result) {
    if (context_->log)
      context_->log("alert " + definition_.name + ": bellwether_resolve_expr: " + result.error().message);
    return;
  }
  for (const promql::ResultSeries& series : result->series) {
    AlertLabels labels = to_labels(series.labels);
    labels.erase("__name__");
    const bool resolves = !options.resolve_is_bool || series.points.front().value != 0;
    resolve_answers_.emplace(std::move(labels), resolves);
  }
}

AlertingRule::ResolveAnswer AlertingRule::resolve_answer(const ActiveAlert& alert) const {
  const auto exact = resolve_answers_.find(alert.source);
  if (exact != resolve_answers_.end()) return exact->second ? ResolveAnswer::resolve : ResolveAnswer::hold;
  ResolveAnswer answer = ResolveAnswer::unknown;
  for (const auto& [labels, resolves] : resolve_answers_) {
    if (!agree(labels, alert.source)) continue;
    if (!resolves) return ResolveAnswer::hold;
    answer = ResolveAnswer::resolve;
  }
  return answer;
}

void AlertingRule::add_state(RuleState& state) const {
  for (const auto& [labels, alert] : active_) {
    if (alert.state.phase != AlertPhase::inactive) state.alerts.push_back(alert.state);
  }
}

void AlertingRule::take_over_more(Rule& former) {
  if (auto* const alerting = dynamic_cast<AlertingRule*>(&former)) active_ = std::exchange(alerting->active_, {});
}

void AlertingRule::end_more(std::int64_t time_ms) {
  for (auto& [labels, alert] : active_) {
    if (alert.state.phase != AlertPhase::firing) continue;
    alert.unconfirmed = 0;
    alert.state.phase = AlertPhase::inactive;
    alert.state.resolved_ms = time_ms;
    alert.changed = true;
  }
  tell({time_ms, time_ms});
  active_.clear();
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
