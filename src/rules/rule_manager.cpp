// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule_manager.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "config/prometheus/prometheus_config.hpp"
#include "rules/arrivals.hpp"
#include "rules/group_schedule.hpp"
#include "rules/rule_metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

using std::chrono::milliseconds;

RuleSettings rule_settings(const config::PrometheusConfig& config, std::string external_url) {
  RuleSettings settings;
  settings.files = config.rule_files;
  settings.evaluation_interval = config.global.evaluation_interval;
  settings.query_offset = config.global.rule_query_offset;
  settings.external_labels = {config.global.external_labels.begin(), config.global.external_labels.end()};
  settings.external_url = std::move(external_url);
  return settings;
}

class RuleManager::Impl {
 public:
  Impl(storage::SeriesStore& store, RuleManagerOptions options);
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> apply(const RuleSettings& settings);
  std::vector<GroupState> state() const;
  void stop();
  std::optional<std::chrono::nanoseconds> run_due();
  Arrivals& arrivals() noexcept { return arrivals_; }

 private:
  Result<std::vector<GroupDefinition>> read(const RuleSettings& settings) const;
  std::shared_ptr<const RuleContext> make_context(const RuleSettings& settings);
  void replace(const std::vector<GroupDefinition>& definitions, const RuleSettings& settings);
  void evaluate(const GroupSchedule::Due& due) const;
  void evaluate_loop();
  void arrival_loop();
  std::int64_t now_ms() const { return std::chrono::duration_cast<milliseconds>(options_.clock->wall()).count(); }

  const RuleManagerOptions options_;
  RuleMetrics metrics_;
  SeriesRuleStore store_;
  Arrivals arrivals_;

  std::mutex apply_mutex_;  // one after the other; of what follows
  RuleSettings settings_;
  std::shared_ptr<const RuleContext> context_;

  mutable std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  GroupSchedule schedule_;
  bool paused_ = false;
  bool stopped_ = false;

  std::vector<std::thread> threads_;
};

RuleManager::Impl::Impl(storage::SeriesStore& store, RuleManagerOptions options)
    : options_(std::move(options)),
      metrics_(options_.registry == nullptr ? RuleMetrics() : RuleMetrics(*options_.registry)),
      store_(store),
      arrivals_(store, metrics_) {
  if (!options_.threads) return;
  for (std::size_t i = 0; i < std::max<std::size_t>(options_.evaluation_threads, 1); ++i) {
    threads_.emplace_back([this] { evaluate_loop(); });
  }
  threads_.emplace_back([this] { arrival_loop(); });
}

Result<std::vector<GroupDefinition>> RuleManager::Impl::read(const RuleSettings& settings) const {
  std::vector<GroupDefinition> groups;
  std::string errors;
  for (const std::string& glob : settings.files) {
    std::vector<std::string> files = config::find_files(glob);
    if (files.empty() && glob.find_first_of("*?[") == std::string::npos)
      files.push_back(glob);  // a name that is missing
    for (const std::string& file : files) {
      RuleFileReport report = read_rule_file(file, options_.check_template);
      for (const std::string& error : report.errors) errors += (errors.empty() ? "" : "\n") + error;
      if (!report.groups) continue;
      std::move(report.groups->begin(), report.groups->end(), std::back_inserter(groups));
    }
  }
  if (!errors.empty()) return Error{std::move(errors)};
  return groups;
}

std::shared_ptr<const RuleContext> RuleManager::Impl::make_context(const RuleSettings& settings) {
  auto context = std::make_shared<RuleContext>();
  context->store = &store_;
  context->engine = promql::Engine(options_.engine);
  if (options_.expand) {
    context->expand = [this](std::string_view text, const TemplateContext& of) {
      Result<std::string> expanded = options_.expand(text, of);
      if (!expanded) metrics_.template_failures.inc();
      return expanded;
    };
  }
  if (options_.sink) {
    context->sink = [this](const std::vector<Alert>& alerts) {
      options_.sink(alerts);
      metrics_.alerts_told.inc(alerts.size());
    };
  }
  context->external_labels = settings.external_labels;
  context->external_url = settings.external_url;
  context->resend_delay = options_.resend_delay;
  context->outage_tolerance = options_.outage_tolerance;
  context->clock = options_.clock;
  context->log = options_.log;
  return context;
}

Result<void> RuleManager::Impl::apply(const RuleSettings& settings) {
  Result<std::vector<GroupDefinition>> definitions = read(settings);
  if (!definitions) return definitions.error();
  const std::lock_guard applying(apply_mutex_);
  replace(*definitions, settings);
  return {};
}

void RuleManager::Impl::replace(const std::vector<GroupDefinition>& definitions, const RuleSettings& settings) {
  const bool first = context_ == nullptr;
  const bool same_context = !first && settings.external_labels == settings_.external_labels &&
                            settings.external_url == settings_.external_url;
  if (!same_context) context_ = make_context(settings);
  settings_ = settings;

  const std::unique_lock arriving = arrivals_.hold();
  std::unique_lock lock(mutex_);
  if (stopped_) return;
  paused_ = true;
  changed_.wait(lock, [this] { return !schedule_.running(); });
  const std::vector<std::shared_ptr<RuleGroup>> before = schedule_.groups();
  lock.unlock();

  const std::int64_t now = now_ms();
  const RuleGroup::Defaults defaults{settings.evaluation_interval, settings.query_offset};
  std::vector<std::shared_ptr<RuleGroup>> after;
  for (const GroupDefinition& definition : definitions) {
    const auto former = std::find_if(before.begin(), before.end(), [&](const auto& group) {
      return group->definition().file == definition.file && group->definition().name == definition.name;
    });
    auto group = std::make_shared<RuleGroup>(definition, defaults, context_);
    if (former != before.end() && same_context && (*former)->definition() == definition &&
        (*former)->interval() == group->interval() && (*former)->query_offset() == group->query_offset()) {
      after.push_back(*former);
      continue;
    }
    if (former != before.end()) group->take_over(**former);
    if (first) group->restore(now);
    after.push_back(std::move(group));
  }
  for (const std::shared_ptr<RuleGroup>& group : before) {
    if (std::find(after.begin(), after.end(), group) == after.end()) group->end(now);
  }
  arrivals_.set_groups(after);

  lock.lock();
  schedule_.set(after, now, metrics_);
  metrics_.groups.set(static_cast<double>(after.size()));
  paused_ = false;
  changed_.notify_all();
}

std::vector<GroupState> RuleManager::Impl::state() const {
  std::vector<std::shared_ptr<RuleGroup>> groups;
  {
    const std::lock_guard lock(mutex_);
    groups = schedule_.groups();
  }
  std::vector<GroupState> states;
  states.reserve(groups.size());
  for (const std::shared_ptr<RuleGroup>& group : groups) states.push_back(group->state());
  return states;
}

void RuleManager::Impl::evaluate(const GroupSchedule::Due& due) const {
  RuleGroup& group = *due.slot->group;
  const GroupMetrics& metrics = due.slot->metrics;
  if (due.missed > 0) {
    group.add_missed(due.missed);
    metrics.missed->inc(due.missed);
    if (options_.log) {
      options_.log("rule group " + group.definition().name + " of " + group.definition().file +
                   " is late: " + std::to_string(due.missed) + " evaluations fell out");
    }
  }
  metrics.iterations->inc(due.missed + 1);
  const GroupReport report = group.evaluate(due.time_ms);
  metrics.evaluations->inc(report.rules);
  metrics.failures->inc(report.failures);
  metrics.last_duration_seconds->set(std::chrono::duration<double>(report.duration).count());
  metrics.last_evaluation_seconds->set(static_cast<double>(due.time_ms) / 1000);
  metrics.last_samples->set(static_cast<double>(report.samples));
  metrics_.evaluation.observe(report.duration);
}

void RuleManager::Impl::evaluate_loop() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    const std::int64_t now = now_ms();
    std::optional<GroupSchedule::Due> due;
    if (!paused_) due = schedule_.take_due(now);
    if (due) {
      lock.unlock();
      evaluate(*due);
      lock.lock();
      GroupSchedule::done(*due->slot);
      changed_.notify_all();
      continue;
    }
    // At most a second: somebody may set the clock.
    const std::int64_t wait =
        paused_ ? 1000 : std::clamp<std::int64_t>(schedule_.next_ms().value_or(now + 1000) - now, 1, 1000);
    changed_.wait_for(lock, milliseconds(wait));
  }
}

void RuleManager::Impl::arrival_loop() {
  for (;;) {
    arrivals_.wait();
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) return;
    }
    arrivals_.run();
  }
}

std::optional<std::chrono::nanoseconds> RuleManager::Impl::run_due() {
  std::unique_lock lock(mutex_);
  while (std::optional<GroupSchedule::Due> due = schedule_.take_due(now_ms())) {
    lock.unlock();
    evaluate(*due);
    lock.lock();
    GroupSchedule::done(*due->slot);
  }
  const std::optional<std::int64_t> next = schedule_.next_ms();
  if (!next) return std::nullopt;
  return milliseconds(*next);
}

void RuleManager::Impl::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  arrivals_.wake();
  const std::lock_guard applying(apply_mutex_);
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

RuleManager::RuleManager(storage::SeriesStore& store, RuleManagerOptions options)
    : impl_(std::make_unique<Impl>(store, std::move(options))) {}
RuleManager::~RuleManager() = default;

Result<void> RuleManager::apply(const RuleSettings& settings) {
  return impl_->apply(settings);
}
void RuleManager::on_pushed(std::string_view text) {
  impl_->arrivals().on_pushed(text);
}
std::vector<GroupState> RuleManager::state() const {
  return impl_->state();
}
void RuleManager::stop() {
  impl_->stop();
}
std::optional<std::chrono::nanoseconds> RuleManager::run_due() {
  return impl_->run_due();
}
std::size_t RuleManager::run_arrivals() {
  return impl_->arrivals().run();
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
