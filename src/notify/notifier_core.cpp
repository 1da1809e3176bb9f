// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/notifier_core.hpp"

#include <algorithm>
#include <utility>

#include "notify/escalation.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::int64_t recheck_every_ms = 1000;  // urgent alerts that are held back
constexpr std::int64_t forget_every_ms = 10'000;
constexpr std::int64_t save_again_ms = 1000;  // after the disk refused
constexpr std::size_t flushes_a_step = 128;   // so that no poster waits long

}  // namespace

std::int64_t Notifier::Core::now_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(options_.clock->wall()).count();
}

Result<void> Notifier::Core::step(Extent extent, const std::function<void(std::int64_t)>& change) {
  std::vector<Departure> departures;
  std::vector<config::WatchdogConfig> pings;
  Result<void> saved;
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t now = now_ms();
    if (extent == Extent::all) next_ms_ = never;
    take_answers(now);
    if (change) change(now);
    if (extent == Extent::all) {
      check_heartbeats(now);
      end_expired(now);
      recheck(now);
      flush_hurried(now);
      flush_due(now);
      escalate_due(now);
      if (const std::int64_t next = messenger_.write_digests(now); next != 0) want(next);
      delivery_.expire(now);
      forget_old(now);
    } else {
      flush_hurried(now);
    }
    for (const std::uint64_t id : messenger_.take_unrenderable()) delivery_.bury(id, now);
    for (const std::int64_t id : std::exchange(looked_after_, {})) {
      if (Group* const group = state_.groups.find(id)) {
        state_.groups.set_escalation(*group, next_escalation(*group, state_.alerts, *policy_, now));
      }
    }
    if (!state_.groups.escalations().empty()) want(state_.groups.escalations().begin()->first);
    if (!stopping_) departures = delivery_.pick(now, next_ms_);
    if (written_down_ || now >= retry_save_ms_ || extent == Extent::change) {
      saved = file_->save(state_);
      if (!saved) {
        metrics_.store_error();
        retry_save_ms_ = now + save_again_ms;
        if (written_down_ && options_.log) options_.log("the notifier goes on from memory: " + saved.error().message);
      } else if (!written_down_ && options_.log) {
        options_.log("the notifier's state is on disk again");
      }
      written_down_ = saved.has_value();
    }
    if (!written_down_) want(retry_save_ms_);
    if (extent == Extent::all) {
      ping_watchdogs(now);
      file_->tidy();
    }
    pings = std::exchange(pings_, {});
  }
  for (Departure& departure : departures) {
    const std::uint64_t row = departure.row;
    const std::uint32_t attempt = departure.message.attempt;
    departure.integration->deliver(departure.message,
                                   [mailbox = mailbox_, clock = options_.clock, row, attempt](DeliveryResult result) {
                                     mailbox->put({row, attempt, clock->wall(), std::move(result)});
                                   });
  }
  for (const config::WatchdogConfig& watchdog : pings) options_.ping(watchdog);
  return saved;
}

std::optional<std::int64_t> Notifier::Core::run_due() {
  constexpr unsigned most_steps = 100'000;
  for (unsigned steps = 0; steps < most_steps; ++steps) {
    if (const std::uint64_t ended = posts_ended_.load(); posting_.load() > 0) posts_ended_.wait(ended);
    if (auto saved = step(Extent::all, {}); !saved) break;  // told already
    const std::lock_guard lock(mutex_);
    if (next_ms_ > now_ms() && mailbox_->empty()) break;
  }
  const std::lock_guard lock(mutex_);
  if (next_ms_ == never) return std::nullopt;
  return next_ms_;
}

Result<void> Notifier::Core::post(std::span<const rules::Alert> alerts) {
  constexpr std::size_t a_transaction = 1000;
  const Posting posting(*this);
  Result<void> done;
  while (!alerts.empty()) {
    const auto part = alerts.first(std::min(alerts.size(), a_transaction));
    alerts = alerts.subspan(part.size());
    Result<void> written = step(Extent::change, [this, part](std::int64_t now) {
      for (const rules::Alert& alert : part) post_one(alert, now);
    });
    if (!written) done = written;
  }
  return done;
}

void Notifier::Core::post_one(const rules::Alert& alert, std::int64_t now) {
  metrics_.received(!alert.resolved_at(now));
  rules::Alert posted = alert;
  std::erase_if(posted.labels, [](const auto& label) { return label.second.empty(); });
  if (posted.labels.empty()) return;
  posted.updated_ms = now;
  const auto [kept, news] = state_.alerts.post(posted, now);
  if (kept == nullptr) return;
  if (news != AlertBook::News::obsolete) policy_->inhibitor().note(kept->alert);
  if (news == AlertBook::News::began) {
    kept->urgent = policy_->urgent(kept->alert.labels);
    join_groups(*kept, now);
  }
  if (kept->urgent && (news == AlertBook::News::began || news == AlertBook::News::ended)) hurry(*kept);
  if (kept->alert.ends_ms > now) want(kept->alert.ends_ms);
}

void Notifier::Core::join_groups(KeptAlert& alert, std::int64_t now) {
  for (const Route* const route : policy_->routes().match(alert.alert.labels)) {
    Group& group = state_.groups.find_or_make(*route, group_labels(*route, alert.alert.labels), now);
    group.orphan = false;
    state_.groups.begin(group, alert);
    // As Alertmanager: what began long ago has waited enough.
    if (!group.looked && alert.alert.starts_ms + group.wait_ms <= now && group.due_ms > now) {
      state_.groups.set_due(group, now);
    }
    if (group.due_ms <= now && hurried_.size() < flushes_a_step) hurried_.insert(group.id);
    want(group.due_ms);
  }
}

void Notifier::Core::hurry(const KeptAlert& alert) {
  hurried_.insert(alert.groups.begin(), alert.groups.end());
}

void Notifier::Core::flush_hurried(std::int64_t now) {
  for (const std::int64_t id : std::exchange(hurried_, {})) flush(id, now);
}

void Notifier::Core::flush_due(std::int64_t now) {
  for (std::size_t left = flushes_a_step; left > 0 && !state_.groups.due().empty(); --left) {
    const auto [due, id] = *state_.groups.due().begin();
    if (due > now) break;
    flush(id, now);
  }
  if (!state_.groups.due().empty()) want(state_.groups.due().begin()->first);
}

void Notifier::Core::flush(std::int64_t id, std::int64_t now) {
  Group* const group = state_.groups.find(id);
  if (group == nullptr) return;
  const GroupNews news = news_of(*group, state_.alerts, *policy_, now);
  if (news.reason) {
    Telling telling = telling_of(*group, news, now);
    if (group->fallback && !news.resolved.empty()) {
      Telling ends = telling_of(*group, news, now);
      ends.notification.receiver = policy_->extensions().fallback_receiver;
      messenger_.tell(policy_->extensions().fallback_receiver, group->identity, std::move(ends), now);
    }
    for (auto& [receiver, ends] : escalated_ends(*group, news, *policy_, now)) {
      messenger_.tell(receiver, group->identity, std::move(ends), now);
    }
    messenger_.tell(group->receiver, group->identity, std::move(telling), now);
    for (const GroupNews::Item& item : news.firing) {
      if (item.changed || item.flaps > 0) state_.groups.dirty_members.insert({id, item.alert->id});
    }
    for (const GroupNews::Item& item : news.resolved) {
      state_.groups.dirty_members.insert({id, item.alert->id});
      item.alert->groups.erase(id);
    }
  }
  for (const std::int64_t alert : news.settled) {
    state_.groups.dirty_members.insert({id, alert});
    if (KeptAlert* const kept = state_.alerts.find(alert)) kept->groups.erase(id);
  }
  told(*group, news, now);
  if (group->members.empty()) return state_.groups.remove(id);
  group->looked = true;
  state_.groups.set_due(*group, now + group->interval_ms);
  state_.groups.set_recheck(*group, news.suppressed_urgent ? now + recheck_every_ms : 0);
  looked_after_.insert(id);
}

void Notifier::Core::recheck(std::int64_t now) {
  if (policy_changed_.exchange(false)) {
    std::vector<std::int64_t> all;
    for (const auto& [when, id] : state_.groups.rechecks()) all.push_back(id);
    for (const std::int64_t id : all) state_.groups.set_recheck(*state_.groups.find(id), now);
  }
  while (!state_.groups.rechecks().empty() && state_.groups.rechecks().begin()->first <= now) {
    Group& group = *state_.groups.find(state_.groups.rechecks().begin()->second);
    const GroupNews news = news_of(group, state_.alerts, *policy_, now);
    state_.groups.set_recheck(group, news.suppressed_urgent ? now + recheck_every_ms : 0);
    if (news.reason && news.urgent_change()) hurried_.insert(group.id);
  }
  if (!state_.groups.rechecks().empty()) want(state_.groups.rechecks().begin()->first);
}

void Notifier::Core::end_expired(std::int64_t now) {
  const auto& ends = state_.alerts.ends();
  for (auto at = ends.upper_bound({ends_seen_ms_, INT64_MAX}); at != ends.end() && at->first <= now; ++at) {
    const KeptAlert* const alert = state_.alerts.find(at->second);
    if (alert->urgent) hurry(*alert);
  }
  ends_seen_ms_ = now;
  if (const auto next = ends.upper_bound({now, INT64_MAX}); next != ends.end()) want(next->first);
}

void Notifier::Core::take_answers(std::int64_t now) {
  for (const Mailbox::Answer& answer : mailbox_->take()) delivery_.take(answer, now);
}

void Notifier::Core::escalate_due(std::int64_t now) {
  while (!state_.groups.escalations().empty() && state_.groups.escalations().begin()->first <= now) {
    Group& group = *state_.groups.find(state_.groups.escalations().begin()->second);
    std::vector<std::int64_t> touched;
    for (auto& [receiver, telling] : escalate(group, state_.alerts, *policy_, now, touched)) {
      messenger_.tell(receiver, group.identity, std::move(telling), now);
    }
    for (const std::int64_t alert : touched) {
      metrics_.escalated();
      state_.groups.dirty_members.insert({group.id, alert});
    }
    const std::int64_t next = next_escalation(group, state_.alerts, *policy_, now);
    // What is silenced or inhibited now is asked about again.
    state_.groups.set_escalation(group, next == 0 ? 0 : std::max(next, now + recheck_every_ms));
  }
  if (!state_.groups.escalations().empty()) want(state_.groups.escalations().begin()->first);
}

void Notifier::Core::check_heartbeats(std::int64_t now) {
  for (const config::HeartbeatConfig& heartbeat : policy_->extensions().heartbeats) {
    const auto last = state_.heartbeats.find(heartbeat.name);
    const std::int64_t due = heartbeat_due_ms(heartbeat, last == state_.heartbeats.end() ? 0 : last->second, start_ms_);
    if (due > now) {
      want(due);
      continue;
    }
    const rules::Alert missing = missing_heartbeat(heartbeat, now);
    const KeptAlert* const known = state_.alerts.find(missing.labels);
    if (known == nullptr || known->alert.resolved_at(now)) post_one(missing, now);
  }
}

void Notifier::Core::forget_old(std::int64_t now) {
  if (now < forget_at_ms_) return want(forget_at_ms_);
  forget_at_ms_ = now + forget_every_ms;
  std::vector<std::int64_t> old;
  for (const auto& [ends, id] : state_.alerts.ends()) {
    if (ends + options_.keep_resolved.count() > now) break;
    if (state_.alerts.find(id)->groups.empty()) old.push_back(id);
  }
  for (const std::int64_t id : old) {
    policy_->inhibitor().forget(state_.alerts.find(id)->alert.labels);
    state_.alerts.remove(id);
  }
  if (state_.alerts.ends().empty()) {
    forget_at_ms_ = 0;
  } else {
    want(forget_at_ms_);
  }
}

void Notifier::Core::ping_watchdogs(std::int64_t now) {
  if (!options_.ping || !written_down_ || stopping_) return;
  for (const config::WatchdogConfig* const watchdog : watchdogs_.due(policy_->extensions().watchdogs, now, next_ms_)) {
    pings_.push_back(*watchdog);
  }
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
