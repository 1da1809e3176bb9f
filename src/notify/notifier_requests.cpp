// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// What people and other programs ask of the notifier: who fires, who is told; acknowledgements and heartbeats.
#include <algorithm>
#include <map>
#include <utility>

#include "notify/notifier_core.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

Result<void> Notifier::Core::acknowledge(Acknowledgement acknowledgement) {
  bool found = false;
  Result<void> done = step(Extent::change, [&](std::int64_t now) {
    KeptAlert* const alert = state_.alerts.find_fingerprint(acknowledgement.fingerprint);
    if (alert == nullptr || alert->alert.resolved_at(now)) return;
    found = true;
    if (acknowledgement.at_ms == 0) acknowledgement.at_ms = now;
    if (acknowledgement.until_ms == 0) {
      acknowledgement.until_ms = now + policy_->extensions().acknowledgement_lifetime.count();
    }
    alert->acknowledgement = acknowledgement;
    state_.alerts.dirty.insert(alert->id);
    looked_after_.insert(alert->groups.begin(), alert->groups.end());
  });
  mailbox_->wake();
  if (!found) return Error{"no alert with the fingerprint \"" + acknowledgement.fingerprint + "\" fires"};
  return done;
}

Result<void> Notifier::Core::unacknowledge(std::string_view fingerprint) {
  bool found = false;
  Result<void> done = step(Extent::change, [&](std::int64_t) {
    KeptAlert* const alert = state_.alerts.find_fingerprint(fingerprint);
    if (alert == nullptr || !alert->acknowledgement) return;
    found = true;
    alert->acknowledgement.reset();
    state_.alerts.dirty.insert(alert->id);
    looked_after_.insert(alert->groups.begin(), alert->groups.end());
  });
  mailbox_->wake();
  if (!found) return Error{"no alert with the fingerprint \"" + std::string(fingerprint) + "\" is acknowledged"};
  return done;
}

Result<void> Notifier::Core::heartbeat(std::string_view name) {
  bool found = false;
  Result<void> done = step(Extent::change, [&](std::int64_t now) {
    for (const config::HeartbeatConfig& heartbeat : policy_->extensions().heartbeats) {
      if (heartbeat.name != name) continue;
      found = true;
      state_.heartbeats[heartbeat.name] = now;
      state_.dirty_heartbeats.insert(heartbeat.name);
      rules::Alert back = missing_heartbeat(heartbeat, now);
      const KeptAlert* const missing = state_.alerts.find(back.labels);
      if (missing == nullptr || missing->alert.resolved_at(now)) continue;
      back.starts_ms = missing->alert.starts_ms;
      back.ends_ms = now;
      post_one(back, now);
    }
  });
  mailbox_->wake();
  if (!found)
    return Error{"nobody expects a heartbeat \"" + std::string(name) + "\": see heartbeats in bellwether.yml"};
  return done;
}

Result<void> Notifier::Core::resolve_unrenewed(const std::function<bool(const rules::Alert&)>& mine) {
  Result<void> done = step(Extent::change, [&](std::int64_t now) {
    std::vector<KeptAlert*> gone;
    state_.alerts.each([&](KeptAlert& alert) {
      if (!alert.renewed && !alert.alert.resolved_at(now) && mine(alert.alert)) gone.push_back(&alert);
    });
    for (KeptAlert* const alert : gone) {
      alert->alert.updated_ms = now;
      state_.alerts.set_end(*alert, now);
      state_.alerts.dirty.insert(alert->id);
      policy_->inhibitor().note(alert->alert);
      hurry(*alert);
    }
  });
  mailbox_->wake();
  return done;
}

AlertView Notifier::Core::view_of(const KeptAlert& kept, std::int64_t now) const {
  AlertView view;
  view.alert = kept.alert;
  view.fingerprint = kept.fingerprint;
  view.processed = kept.groups.empty();
  std::vector<std::string> muted;
  for (const std::int64_t id : kept.groups) {
    const auto group = state_.groups.all().find(id);
    if (group == state_.groups.all().end()) continue;
    view.receivers.push_back(group->second.receiver);
    view.processed = view.processed || group->second.looked;
    const auto member = group->second.members.find(kept.id);
    view.told = view.told || (member != group->second.members.end() && member->second.told);
    muted = policy_->muted_by(group->second.route, now);
  }
  if (kept.groups.empty()) {
    for (const Route* const route : policy_->routes().match(kept.alert.labels)) {
      view.receivers.push_back(route->receiver);
    }
  }
  view.suppression = policy_->suppression(kept.alert.labels, {}, now);
  view.suppression.muted_by = std::move(muted);
  if (kept.acknowledged_at(now)) view.acknowledgement = kept.acknowledgement;
  return view;
}

std::vector<AlertView> Notifier::Core::alerts() const {
  const std::lock_guard lock(mutex_);
  const std::int64_t now = now_ms();
  std::vector<AlertView> out;
  state_.alerts.each([&](const KeptAlert& alert) { out.push_back(view_of(alert, now)); });
  std::sort(out.begin(), out.end(),
            [](const AlertView& a, const AlertView& b) { return a.alert.labels < b.alert.labels; });
  return out;
}

std::vector<GroupView> Notifier::Core::groups() const {
  const std::lock_guard lock(mutex_);
  const std::int64_t now = now_ms();
  std::vector<GroupView> out;
  for (const auto& [id, group] : state_.groups.all()) {
    GroupView view{group.key, group.receiver, group.labels, {}};
    for (const auto& [alert_id, member] : group.members) {
      const KeptAlert* const alert = state_.alerts.find(alert_id);
      if (alert == nullptr) continue;
      AlertView one = view_of(*alert, now);
      one.suppression.muted_by = policy_->muted_by(group.route, now);
      one.told = member.told;
      one.processed = group.looked;
      view.alerts.push_back(std::move(one));
    }
    out.push_back(std::move(view));
  }
  return out;
}

std::vector<DeadLetter> Notifier::Core::dead_letters() const {
  constexpr std::size_t most = 1000;
  const std::lock_guard lock(mutex_);
  Result<std::vector<DeadLetter>> out = file_->dead_letters(most);
  return out ? std::move(*out) : std::vector<DeadLetter>{};
}

NotifierStatus Notifier::Core::status() const {
  const NotifierMetrics::Snapshot now = snapshot();
  NotifierStatus out;
  out.firing = now.active + now.suppressed;
  out.groups = now.groups;
  out.pending = now.pending;
  out.in_flight = now.in_flight;
  out.held = now.held;
  out.oldest_age_ms = static_cast<std::int64_t>(now.oldest_age_seconds * 1000);
  out.written_down = now.written_down;
  const std::lock_guard lock(mutex_);
  out.delivered = delivery_.delivered();
  out.dead = delivery_.dead();
  return out;
}

NotifierMetrics::Snapshot Notifier::Core::snapshot() const {
  const std::lock_guard lock(mutex_);
  const std::int64_t now = now_ms();
  NotifierMetrics::Snapshot out;
  std::map<std::string, std::size_t> unacknowledged;
  state_.alerts.each([&](const KeptAlert& alert) {
    if (alert.alert.resolved_at(now)) return;
    const bool suppressed = policy_->holds_back(alert.alert.labels, now);
    ++(suppressed ? out.suppressed : out.active);
    std::size_t& open = unacknowledged[severity_of(alert.alert.labels)];
    if (!suppressed && !alert.acknowledged_at(now)) ++open;
  });
  out.unacknowledged.assign(unacknowledged.begin(), unacknowledged.end());
  out.groups = state_.groups.all().size();
  out.pending = state_.outbox.rows().size();
  out.in_flight = delivery_.in_flight();
  for (const auto& [address, window] : state_.digests) out.held += window.size();
  if (out.pending > 0) {
    std::int64_t oldest = now;
    for (const auto& [id, row] : state_.outbox.rows()) oldest = std::min(oldest, row.created_ms);
    out.oldest_age_seconds = static_cast<double>(std::max<std::int64_t>(0, now - oldest)) / 1000;
  }
  out.written_down = written_down_;
  for (const auto& [address, target] : delivery_.targets()) {
    out.targets.push_back({address.first, address.second, exported_value(target->breaker_state()), target->paused()});
  }
  return out;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
