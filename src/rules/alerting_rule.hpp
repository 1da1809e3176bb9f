// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "rules/active_alert.hpp"
#include "rules/rule.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// `alert`: each element of the expression's result is an alert, pending for `for`, then firing, resolved when it is gone (later
/// with keep_firing_for, resolve_expr or while it flaps). What it tells goes to the context's sink within the evaluation; ALERTS
/// and ALERTS_FOR_STATE are its samples.
class AlertingRule final : public Rule {
 public:
  using Rule::Rule;

  /// A sample of a series with the labels `changed` arrived that is newer than all others of it, and has this time. Usually the
  /// same as `evaluate` at this time. If the rule was evaluated at a later time already (by other series), then the alerts that may
  /// come of this series are judged as of their own time first, so that a value that lasted for one sample is told, and the
  /// rule is evaluated again at the later time, unless `more_follow`.
  RuleReport evaluate_arrival(std::int64_t time_ms, const AlertLabels& changed, std::chrono::milliseconds interval,
                              std::uint64_t limit, bool more_follow = false);

  /// Before the first evaluation, from ALERTS and ALERTS_FOR_STATE.
  void restore(std::int64_t time_ms);

 protected:
  Result<std::vector<RuleSample>> run(const Evaluation& evaluation) override;
  void add_state(RuleState& state) const override;
  void take_over_more(Rule& former) override;
  void end_more(std::int64_t time_ms) override;

 private:
  using Alerts = std::map<AlertLabels, ActiveAlert>;
  enum class ResolveAnswer : std::uint8_t { resolve, hold, unknown };

  Result<Alerts> find_elements(const Evaluation& evaluation) const;
  void expand_texts(ActiveAlert& alert, const AlertLabels& labels, const Evaluation& evaluation) const;
  std::string expand(const std::string& text, const TemplateContext& context) const;
  void take_elements(Alerts&& elements, std::int64_t time_ms, bool late);
  void step(const Evaluation& evaluation, bool late);
  void step_present(ActiveAlert& alert, std::int64_t time_ms) const;
  /// False: forget it.
  bool step_absent(ActiveAlert& alert, const Evaluation& evaluation);
  bool keeps_firing(ActiveAlert& alert, const Evaluation& evaluation);
  bool is_unconfirmed(ActiveAlert& alert) const;
  void ask_resolve(std::int64_t query_ms);
  ResolveAnswer resolve_answer(const ActiveAlert& alert) const;
  void tell(const Evaluation& evaluation);
  Alert to_alert(const ActiveAlert& alert, const Evaluation& evaluation) const;
  std::vector<RuleSample> samples() const;
  bool is_mine(const AlertLabels& labels) const;
  void restore_firing(std::int64_t from_ms, std::int64_t time_ms);

  Alerts active_;
  const AlertLabels* changed_ = nullptr;  // on arrival: of the series
  bool resolve_asked_ = false;            // in this evaluation
  std::map<AlertLabels, bool> resolve_answers_;
};

}  // namespace rules
BELLWETHER_NAMESPACE_END
