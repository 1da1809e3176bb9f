// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "promql/engine.hpp"
#include "rules/alert.hpp"
#include "rules/rule_file.hpp"
#include "rules/rule_state.hpp"
#include "rules/template_context.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN

class Registry;

namespace config {
struct PrometheusConfig;
}

namespace rules {

struct RuleManagerOptions {
  promql::EngineOptions engine = {};
  const Clock* clock = &Clock::system();
  /// Where `prometheus_rule_...` and `bellwether_rule_...` go; null: nowhere. Must outlive the manager.
  Registry* registry = nullptr;
  /// Rules that fail, groups that are late. Any thread; short.
  std::function<void(std::string_view)> log = {};
  /// Told of alerts that fire (again after resend_delay) and that end. Called while the rule is held: it must not call the manager.
  AlertSink sink = {};
  TemplateExpander expand = {};
  TemplateChecker check_template = {};
  std::chrono::milliseconds resend_delay = std::chrono::minutes{1};
  std::chrono::milliseconds outage_tolerance = std::chrono::hours{1};
  std::size_t evaluation_threads = 2;
  /// Threads of its own evaluate. Without them the owner calls `run_due` and `run_arrivals` (tests).
  bool threads = true;
};

/// What of prometheus.yml concerns rules.
struct RuleSettings {
  std::vector<std::string> files;  ///< paths or globs
  std::chrono::milliseconds evaluation_interval = std::chrono::minutes{1};
  std::chrono::milliseconds query_offset{0};
  AlertLabels external_labels;
  std::string external_url;  ///< of the monitor
};
RuleSettings rule_settings(const config::PrometheusConfig& config, std::string external_url);

/// Evaluates the rules of Prometheus rule files on the monitor's store: groups on their schedule, and urgent rules at once when
/// a sample arrives that they read.
///
///     RuleManager rules(*store, {.registry = &registry, .sink = [&](const auto& alerts) { notifier->post(alerts); }});
///     if (auto taken = rules.apply(rule_settings(config, url)); !taken) return taken.error();
///     follower_options.on_pushed = [&](const auto& pushed) { rules.on_pushed(pushed.text); };
///     ...
///     rules.stop();                      // before the store and the notifier go
///
/// On arrival: see docs/rules.md. The manager follows the store's commits; of each series that an urgent rule reads it sees each
/// changed value, and evaluates the rule at that sample's own time, on a thread of its own: what lasted for one sample is told.
///
/// Threads: all functions from any. The store must outlive the manager.
class RuleManager {
 public:
  RuleManager(storage::SeriesStore& store, RuleManagerOptions options);
  ~RuleManager();
  RuleManager(const RuleManager&) = delete;
  RuleManager& operator=(const RuleManager&) = delete;

  /// All or nothing; an error has a line for each thing that is wrong in any file. Groups that did not change go on undisturbed;
  /// alerts of rules whose name and labels stayed keep their state. The first one takes up what a former process left.
  Result<void> apply(const RuleSettings& settings);

  /// Samples that a target pushed, as lines of the text format, after they were stored: which metrics are pushed is learnt here.
  void on_pushed(std::string_view text);

  std::vector<GroupState> state() const;

  /// No evaluation is under way when it returns, and none follows. Series and alerts stay as they are, for the next start.
  void stop();

  /// Without threads: evaluates the groups whose time has come. When to call it next, in the time of Clock::wall().
  std::optional<std::chrono::nanoseconds> run_due();
  /// Without threads: evaluates what has arrived. How many evaluations that were.
  std::size_t run_arrivals();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rules
BELLWETHER_NAMESPACE_END
