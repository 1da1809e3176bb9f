// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "promql/engine.hpp"
#include "rules/rule_context.hpp"
#include "rules/rule_file.hpp"
#include "rules/rule_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// When a rule is evaluated, and what its group says of it.
struct Evaluation {
  std::int64_t time_ms = 0;  ///< alerts begin and end at this time
  std::int64_t query_ms =
      0;  ///< `time_ms` less the group's query_offset: what is asked, and the time of what is written
  std::chrono::milliseconds interval{60'000};
  std::uint64_t limit = 0;
};

/// What one evaluation of a rule came to.
struct RuleReport {
  bool good = true;
  std::size_t samples = 0;  ///< written, markers not counted
  std::chrono::nanoseconds duration{0};
};

/// A rule with its state: see AlertingRule and RecordingRule.
///
/// Threads: all functions from any; one evaluation at a time.
class Rule {
 public:
  /// `labels` are those of the group and the rule together.
  Rule(const RuleDefinition& definition, AlertLabels labels, std::shared_ptr<const RuleContext> context);
  virtual ~Rule();
  Rule(const Rule&) = delete;
  Rule& operator=(const Rule&) = delete;

  RuleReport evaluate(const Evaluation& evaluation);
  RuleState state() const;

  /// What a former version of this rule knows: it knows nothing any more then.
  void take_over(Rule& former);
  /// Staleness markers for all series it has; what fires is resolved.
  void end(std::int64_t time_ms);

  const RuleDefinition& definition() const noexcept { return definition_; }
  const AlertLabels& labels() const noexcept { return labels_; }
  void set_on_arrival(bool on_arrival);

 protected:
  /// With the mutex. The samples are dated and written by the caller. Errors: in words for people.
  virtual Result<std::vector<RuleSample>> run(const Evaluation& evaluation) = 0;
  virtual void add_state(RuleState& state) const = 0;
  virtual void take_over_more(Rule& /*former*/) {}
  virtual void end_more(std::int64_t /*time_ms*/) {}

  /// With the mutex: the whole of an evaluation, with writing, markers and health.
  RuleReport evaluate_locked(Evaluation evaluation);
  /// A scalar is one element without labels. Errors: of the query, or what is neither vector nor scalar.
  Result<promql::QueryResult> query(const promql::Expression& tree, std::string_view text, std::int64_t time_ms) const;

  const RuleDefinition definition_;
  const AlertLabels labels_;
  const std::shared_ptr<const RuleContext> context_;
  const std::string printed_;  ///< the expression as Prometheus shows it

  mutable std::mutex mutex_;
  std::int64_t last_query_ms_ = INT64_MIN;

 private:
  std::size_t write(std::vector<RuleSample> samples, std::int64_t query_ms);

  std::int64_t last_written_ms_ = INT64_MIN;
  std::vector<storage::LabelSet> written_;  // by the last evaluation that was good; sorted
  RuleHealth health_ = RuleHealth::unknown;
  std::string last_error_;
  std::int64_t last_evaluation_ms_ = 0;
  std::chrono::nanoseconds evaluation_time_{0};
  bool on_arrival_ = false;
};

AlertLabels to_labels(std::span<const promql::LabelView> views);
/// Labels with an empty value are left out. Errors: see LabelSet::make.
Result<storage::LabelSet> to_label_set(const AlertLabels& labels);

}  // namespace rules
BELLWETHER_NAMESPACE_END
