// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "rules/active_alert.hpp"
#include "rules/rule.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// A series that a sample of has arrived, as an alerting rule sees it.
struct ArrivedSeries {
  const AlertLabels* labels = nullptr;  ///< without the metric's name; null: any series
  bool begins = true;                   ///< false: alerts that were never told do not begin with it
};

/// `alert`: each element of the expression's result is an alert, pending for `for`, then firing, resolved when it is gone (later
/// with keep_firing_for, resolve_expr or while it flaps). What it tells goes to the context's sink within the evaluation; ALERTS
/// and ALERTS_FOR_STATE are its samples.
class AlertingRule final : public Rule {
 public:
  using Rule::Rule;

  /// Samples of the series `changed` (one at least) arrived that have this time. Usually the same as `evaluate` at this time. If the
  /// rule was evaluated at a later time already (by other series, or by newer samples that overtook these), then the alerts that may
  /// come of these series are judged as of their own time first, so that a value that lasted for one sample is told, and the rule
  /// is evaluated again at the later time, unless `more_follow`.
  RuleReport evaluate_arrival(std::int64_t time_ms, std::span<const ArrivedSeries> changed,
                              std::chrono::milliseconds interval, std::uint64_t limit, bool more_follow = false);

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
  bool may_begin_late(const AlertLabels& source, const ActiveAlert* ended, std::int64_t time_ms) const;
  bool is_concerned(const AlertLabels& source) const;
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
  std::span<const ArrivedSeries> changed_;  // on arrival
  bool resolve_asked_ = false;              // in this evaluation
  std::map<AlertLabels, bool> resolve_answers_;
};

}  // namespace rules
BELLWETHER_NAMESPACE_END
