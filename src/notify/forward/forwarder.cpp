// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/forward/forwarder.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "notify/forward/alert_labels.hpp"
#include "notify/forward/alertmanager_targets.hpp"
#include "notify/forward/forward_lane.hpp"
#include "resilience/json_text.hpp"
#include "scrape/discovery_runner.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

using Lanes = std::vector<std::shared_ptr<ForwardLane>>;

std::string urls_json(const std::vector<std::string>& urls) {
  std::string out = "[";
  for (const std::string& url : urls) {
    if (out.size() > 1) out += ',';
    out += "{\"url\":" + resilience::json_text(url) + '}';
  }
  return out + ']';
}

}  // namespace

struct Forwarder::State {
  /// One of `alertmanagers:`. It stays where it is: its discovery calls back with its address.
  struct Entry {
    config::AlertmanagerConfig config;
    scrape::Relabeller targets;
    std::shared_ptr<const scrape::Relabeller> alerts;
    // With `mutex` held:
    Lanes lanes;
    std::vector<std::string> dropped;
    // Without it: its end waits for its threads, which may be in `found`.
    std::unique_ptr<scrape::DiscoveryRunner> discovery;
  };

  explicit State(ForwarderOptions given) : options(std::move(given)), metrics(options.registry) {}

  const ForwarderOptions options;
  ForwardMetrics metrics;

  std::mutex apply_mutex;
  mutable std::mutex mutex;  // of what follows
  std::vector<std::shared_ptr<Entry>> entries;
  Lanes spare;  // of entries that are being replaced: who finds the same URL again takes its lane
  AlertQueue homeless{options.capacity};  // while no Alertmanager is known
  config::Labels external_labels;
  scrape::Relabeller relabeller;
  bool stopped = false;

  Result<std::shared_ptr<Entry>> make_entry(const config::AlertmanagerConfig& config) const;
  void discover(Entry& entry);
  void found(Entry& entry, const std::vector<scrape::DiscoveredGroup>& groups);
  std::shared_ptr<ForwardLane> lane_for(Entry& entry, const std::string& url, Lanes& before);
  Lanes lanes_locked() const;
  void log(const std::string& what) const {
    if (options.log) options.log(what);
  }
};

Result<std::shared_ptr<Forwarder::State::Entry>> Forwarder::State::make_entry(
    const config::AlertmanagerConfig& config) const {
  auto targets = scrape::Relabeller::make(config.relabel_configs);
  if (!targets) return Error{"alerting.alertmanagers.relabel_configs: " + targets.error().message};
  auto alerts = scrape::Relabeller::make(config.alert_relabel_configs);
  if (!alerts) return Error{"alerting.alertmanagers.alert_relabel_configs: " + alerts.error().message};
  auto entry = std::make_shared<Entry>();
  entry->config = config;
  entry->targets = std::move(*targets);
  entry->alerts = std::make_shared<const scrape::Relabeller>(std::move(*alerts));
  return entry;
}

void Forwarder::State::discover(Entry& entry) {
  entry.discovery = std::make_unique<scrape::DiscoveryRunner>(
      std::vector<config::DiscoveryConfig>{entry.config.discovery}, *options.transport, *options.clock,
      scrape::DiscoveryRunner::Callbacks{
          [this, &entry](std::size_t, const std::vector<scrape::DiscoveredGroup>& groups) { found(entry, groups); },
          [this](std::size_t, const std::string& problem) {
            if (!problem.empty()) log("looking for Alertmanagers: " + problem);
          }});
}

Lanes Forwarder::State::lanes_locked() const {
  Lanes all;
  for (const auto& entry : entries) all.insert(all.end(), entry->lanes.begin(), entry->lanes.end());
  return all;
}

std::shared_ptr<ForwardLane> Forwarder::State::lane_for(Entry& entry, const std::string& url, Lanes& before) {
  const LaneSettings settings{entry.config.http, entry.config.timeout, entry.alerts};
  for (Lanes* lanes : {&before, &spare}) {
    const auto known = std::find_if(lanes->begin(), lanes->end(), [&](const auto& lane) { return lane->url() == url; });
    if (known == lanes->end()) continue;
    std::shared_ptr<ForwardLane> lane = std::move(*known);
    lanes->erase(known);
    lane->set(settings);
    return lane;
  }
  return std::make_shared<ForwardLane>(url, settings, options, metrics.of(url));
}

void Forwarder::State::found(Entry& entry, const std::vector<scrape::DiscoveredGroup>& groups) {
  AlertmanagerTargets targets = alertmanager_targets(entry.config, entry.targets, groups);
  for (const std::string& problem : targets.problems) log(problem);
  Lanes gone;  // end without the lock
  std::size_t known = 0;
  {
    const std::lock_guard lock(mutex);
    if (stopped) return;
    gone = std::exchange(entry.lanes, {});
    for (const std::string& url : targets.active) entry.lanes.push_back(lane_for(entry, url, gone));
    entry.dropped = std::move(targets.dropped);
    if (!entry.lanes.empty() && !homeless.empty()) {
      const std::vector<QueuedAlert> waited = homeless.take(options.capacity);
      for (const auto& lane : entry.lanes) lane->push(waited);
    }
    known = lanes_locked().size();
  }
  metrics.discovered.set(static_cast<double>(known));
}

Forwarder::Forwarder(ForwarderOptions options) : state_(std::make_unique<State>(std::move(options))) {}

Forwarder::~Forwarder() {
  stop();
}

Result<void> Forwarder::apply(const config::AlertingConfig& alerting, const config::Labels& external_labels) {
  State& state = *state_;
  const std::lock_guard applying(state.apply_mutex);
  auto relabeller = scrape::Relabeller::make(alerting.alert_relabel_configs);
  if (!relabeller) return Error{"alerting.alert_relabel_configs: " + relabeller.error().message};
  std::vector<std::shared_ptr<State::Entry>> before;
  {
    const std::lock_guard lock(state.mutex);
    if (state.stopped) return Error{"the forwarder was stopped"};
    before = state.entries;
  }
  std::vector<std::shared_ptr<State::Entry>> fresh;
  std::vector<std::shared_ptr<State::Entry>> begun;  // of these, those that are new
  for (const config::AlertmanagerConfig& config : alerting.alertmanagers) {
    const auto same =
        std::find_if(before.begin(), before.end(), [&](const auto& entry) { return entry->config == config; });
    if (same != before.end()) {
      fresh.push_back(std::move(*same));
      before.erase(same);
      continue;
    }
    auto entry = state.make_entry(config);
    if (!entry) return entry.error();
    fresh.push_back(*entry);
    begun.push_back(std::move(*entry));
  }
  for (const auto& entry : before) entry->discovery.reset();
  {
    const std::lock_guard lock(state.mutex);
    state.entries = std::move(fresh);
    state.relabeller = std::move(*relabeller);
    state.external_labels = external_labels;
    for (const auto& entry : before) {
      for (auto& lane : entry->lanes) state.spare.push_back(std::move(lane));
      entry->lanes.clear();
    }
  }
  for (const auto& entry : begun) state.discover(*entry);
  Lanes gone;
  {
    const std::lock_guard lock(state.mutex);
    gone = std::exchange(state.spare, {});
    state.metrics.discovered.set(static_cast<double>(state.lanes_locked().size()));
  }
  return {};
}

void Forwarder::post(const std::vector<rules::Alert>& alerts) {
  State& state = *state_;
  const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(state.options.clock->wall()).count();
  std::vector<QueuedAlert> queued;
  queued.reserve(alerts.size());
  const std::lock_guard lock(state.mutex);  // also keeps the order of two posts the same in all queues
  if (state.stopped || state.entries.empty()) return;
  for (const rules::Alert& alert : alerts) {
    QueuedAlert one{alert, std::make_shared<std::atomic<bool>>(false), alert.resolved_at(now)};
    add_external_labels(one.alert.labels, state.external_labels);
    if (relabel(state.relabeller, one.alert.labels)) queued.push_back(std::move(one));
  }
  if (queued.empty()) return;
  const Lanes lanes = state.lanes_locked();
  for (const auto& lane : lanes) lane->push(queued);
  if (!lanes.empty()) return;
  for (QueuedAlert& one : queued) (void)state.homeless.push(std::move(one));
}

rules::AlertSink Forwarder::sink() {
  return [this](const std::vector<rules::Alert>& alerts) { post(alerts); };
}

std::string Forwarder::alertmanagers_json() const {
  std::vector<std::string> active;
  std::vector<std::string> dropped;
  {
    const std::lock_guard lock(state_->mutex);
    for (const auto& entry : state_->entries) {
      for (const auto& lane : entry->lanes) active.push_back(lane->url());
      dropped.insert(dropped.end(), entry->dropped.begin(), entry->dropped.end());
    }
  }
  return "{\"activeAlertmanagers\":" + urls_json(active) + ",\"droppedAlertmanagers\":" + urls_json(dropped) + '}';
}

std::size_t Forwarder::alertmanagers() const {
  const std::lock_guard lock(state_->mutex);
  return state_->lanes_locked().size();
}

std::size_t Forwarder::queued() const {
  const std::lock_guard lock(state_->mutex);
  std::size_t all = state_->homeless.size();
  for (const auto& lane : state_->lanes_locked()) all += lane->waiting();
  return all;
}

void Forwarder::stop(std::chrono::milliseconds grace) {
  State& state = *state_;
  const std::lock_guard applying(state.apply_mutex);
  std::vector<std::shared_ptr<State::Entry>> entries;
  {
    const std::lock_guard lock(state.mutex);
    if (std::exchange(state.stopped, true)) return;
    entries = state.entries;
  }
  for (const auto& entry : entries) entry->discovery.reset();
  const auto deadline = std::chrono::steady_clock::now() + grace;
  for (const auto& entry : entries) {
    for (const auto& lane : entry->lanes) lane->finish(deadline);
  }
  for (const auto& entry : entries) {
    for (const auto& lane : entry->lanes) lane->join();
  }
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
