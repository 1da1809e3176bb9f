// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/test/test_run.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <utility>

#include "base/duration.hpp"
#include "promql/memory_source.hpp"
#include "rules/rule_context.hpp"
#include "rules/rule_group.hpp"
#include "rules/rule_templates.hpp"
#include "rules/test/differences.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

/// Where the test's rules read and write.
class MemoryRuleStore final : public RuleStore {
 public:
  const promql::SeriesSource& source() const override { return source_; }
  WriteReport write(std::span<const RuleSample> samples) override {
    for (const RuleSample& sample : samples) {
      if (sample.histogram) {
        source_.add(sample.labels.pairs(), sample.time_ms, *sample.histogram);
      } else {
        source_.add(sample.labels.pairs(), sample.time_ms, sample.value);
      }
    }
    return {.taken = samples.size(), .refused = 0};
  }
  promql::MemorySource& memory() noexcept { return source_; }

 private:
  promql::MemorySource source_;
};

class TestRun {
 public:
  TestRun(const TestFile& file, const TestGroup& test, const std::vector<GroupDefinition>& groups)
      : file_(file), test_(test), next_(test.series.size(), 0) {
    auto context = std::make_shared<RuleContext>();
    context->store = &store_;
    promql::EngineOptions engine;
    engine.default_step_ms = file.evaluation_interval.count();
    context->engine = promql::Engine(engine);
    context->expand = template_expander();
    context->external_labels = test.external_labels;
    context->external_url = test.external_url;
    engine_ = context->engine;
    for (const GroupDefinition& group : groups) {
      groups_.push_back(std::make_unique<RuleGroup>(group, RuleGroup::Defaults{.interval = test.interval}, context));
    }
    std::stable_sort(groups_.begin(), groups_.end(),
                     [this](const auto& a, const auto& b) { return rank(*a) < rank(*b); });
  }

  std::vector<std::string> run() {
    const std::int64_t step = file_.evaluation_interval.count();
    const std::int64_t last = last_time();
    for (std::int64_t time = 0; time <= last; time += step) {
      load_until(time);
      if (!evaluate(time)) return std::move(failures_);
      for (const AlertCheck& check : test_.alerts) {
        if (check.eval_time.count() >= time && check.eval_time.count() < time + step) check_alerts(check);
      }
    }
    for (const ExpressionCheck& check : test_.expressions) check_expression(check);
    return std::move(failures_);
  }

 private:
  /// Groups that the file does not order come first, as with promtool.
  std::size_t rank(const RuleGroup& group) const {
    const auto found = std::find(file_.group_order.begin(), file_.group_order.end(), group.definition().name);
    return found == file_.group_order.end() ? 0 : static_cast<std::size_t>(found - file_.group_order.begin());
  }

  std::int64_t last_time() const {
    std::int64_t last = 0;
    for (const AlertCheck& check : test_.alerts) last = std::max<std::int64_t>(last, check.eval_time.count());
    for (const ExpressionCheck& check : test_.expressions) {
      last = std::max<std::int64_t>(last, check.eval_time.count());
    }
    return last;
  }

  void load_until(std::int64_t time) {
    const std::int64_t interval = test_.interval.count();
    for (std::size_t i = 0; i < test_.series.size(); ++i) {
      const promql::NotedSeries& series = test_.series[i];
      bool histograms = false;
      for (; next_[i] < series.points.size(); ++next_[i]) {
        const auto offset = static_cast<std::int64_t>(next_[i]) * interval;
        if (offset > time) break;
        const promql::NotedPoint& point = series.points[next_[i]];
        if (!point.is_there) continue;
        if (point.histogram) {
          store_.memory().add(series.labels, test_.start_ms + offset, *point.histogram);
          histograms = true;
        } else {
          store_.memory().add(series.labels, test_.start_ms + offset, point.value);
        }
      }
      if (histograms) store_.memory().tell_resets(series.labels);
    }
  }

  /// False where a rule fails: nothing after that means anything.
  bool evaluate(std::int64_t time) {
    bool good = true;
    for (const auto& group : groups_) {
      if (group->evaluate(test_.start_ms + time).failures == 0) continue;
      for (const RuleState& rule : group->state().rules) {
        if (rule.health != RuleHealth::bad) continue;
        failures_.push_back("rule " + rule.name + " at " + format_duration(std::chrono::milliseconds{time}) + ": " +
                            rule.last_error);
        good = false;
      }
    }
    return good;
  }

  void check_alerts(const AlertCheck& check) {
    std::vector<ExpectedAlert> got;
    for (const auto& group : groups_) {
      for (const std::shared_ptr<Rule>& rule : group->rules()) {
        if (!rule->definition().alerting || rule->definition().name != check.alertname) continue;
        for (const AlertState& alert : rule->state().alerts) {
          if (alert.phase == AlertPhase::firing) got.push_back({alert.labels, alert.annotations});
        }
      }
    }
    note(check.position, "alert " + check.alertname, check.eval_time, alert_differences(check.expected, got));
  }

  void check_expression(const ExpressionCheck& check) {
    const std::int64_t time = test_.start_ms + check.eval_time.count();
    const promql::QueryResult result = engine_.query_instant(store_.source(), check.expression, time);
    std::vector<ExpectedSample> got;
    std::string problem = result.error;
    if (problem.empty() && result.type == promql::ValueType::scalar) {
      got.push_back({{}, result.scalar, std::nullopt});
    } else if (problem.empty() && result.type != promql::ValueType::vector) {
      problem = "the result is not a vector or scalar";
    }
    for (const promql::ResultSeries& series : result.series) {
      ExpectedSample sample;
      for (const promql::LabelView& label : series.labels) {
        sample.labels.emplace_back(std::string(label.name), std::string(label.value));
      }
      const promql::ResultPoint& point = series.points.front();
      sample.value = point.value;
      if (point.histogram) sample.histogram = *point.histogram;
      got.push_back(std::move(sample));
    }
    const std::vector<std::string> differences =
        problem.empty() ? sample_differences(check.expected, std::move(got), file_.fuzzy_compare)
                        : std::vector<std::string>{problem};
    note(check.position, check.expression, check.eval_time, differences);
  }

  void note(config::YamlPosition position, const std::string& what, std::chrono::milliseconds time,
            const std::vector<std::string>& differences) {
    if (differences.empty()) return;
    std::string text = file_.path + ":" + std::to_string(position.line) + ":" + std::to_string(position.column) + ": " +
                       what + " at " + format_duration(time);
    for (const std::string& line : differences) text += "\n  " + line;
    failures_.push_back(std::move(text));
  }

  const TestFile& file_;
  const TestGroup& test_;
  MemoryRuleStore store_;
  promql::Engine engine_;
  std::vector<std::unique_ptr<RuleGroup>> groups_;
  std::vector<std::size_t> next_;  // of each series: the first value not loaded yet
  std::vector<std::string> failures_;
};

}  // namespace

TestOutcome run_test(const TestFile& file, const TestGroup& test, const std::vector<GroupDefinition>& groups) {
  TestOutcome outcome;
  outcome.name = test.name.empty() ? "test at line " + std::to_string(test.position.line) : test.name;
  const auto start = std::chrono::steady_clock::now();
  outcome.failures = TestRun(file, test, groups).run();
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
