// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The notifier's start, its configurations and its end.
#include <algorithm>
#include <utility>

#include "notify/notifier_core.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

Notifier::Core::Core(NotifierOptions options)
    : options_(std::move(options)),
      metrics_(options_.registry),
      messenger_(state_, options_, metrics_),
      delivery_(state_, options_, metrics_, messenger_) {}

Notifier::Core::~Core() {
  stop(std::chrono::milliseconds{0});
}

Result<void> Notifier::Core::begin(NotifierSetup setup) {
  start_ms_ = now_ms();
  // A folder of its own: the series store may have the directory, and its lock.
  Result<storage::DirectoryLock> lock = storage::DirectoryLock::take(options_.directory + "/notifier");
  if (!lock) return lock.error();
  lock_ = std::move(*lock);
  const std::string path = options_.directory + "/alerts.sqlite";
  Result<std::unique_ptr<NotifierFile>> file = NotifierFile::open(path, start_ms_, options_.log);
  if (!file) return file.error();
  file_ = std::move(*file);
  if (auto loaded = file_->load(state_); !loaded) return loaded;
  // Ids are idempotency keys: none comes twice, not even of messages that are long gone.
  state_.outbox.begin_ids_at(static_cast<std::uint64_t>(start_ms_) * 1000);

  Result<std::unique_ptr<Silences>> opened =
      Silences::open({.path = path, .clock = *options_.clock, .vfs = {}, .on_change = [this] {
                        policy_changed_ = true;
                        mailbox_->wake();
                      }});
  if (!opened) return opened.error();
  silences_ = std::move(*opened);

  Result<std::unique_ptr<Policy>> policy = Policy::build(std::move(setup), silences_.get());
  if (!policy) return policy.error();
  use(std::move(*policy), start_ms_);
  welcome_back(start_ms_);
  metrics_.collect([this] { return snapshot(); });
  return {};
}

void Notifier::Core::begin_thread() {
  if (!options_.own_thread) return;
  thread_ = std::thread([this] {
    constexpr std::chrono::milliseconds longest{1000};  // the wall clock may be set
    for (;;) {
      const std::optional<std::int64_t> next = run_due();
      {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
      }
      const std::chrono::milliseconds wait{next ? std::max<std::int64_t>(0, *next - now_ms()) : longest.count()};
      mailbox_->wait(std::min(wait, longest));
    }
  });
}

void Notifier::Core::stop(std::chrono::milliseconds patience) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  mailbox_->wake();
  if (thread_.joinable()) thread_.join();
  metrics_.stop_collecting();
  if (!file_) return;
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    // What it answers now is the last we hear; an error was told already.
    if (auto saved = step(Extent::all, {}); !saved) break;
    {
      const std::lock_guard lock(mutex_);
      if (delivery_.in_flight() == 0) break;
    }
    const auto left = until - std::chrono::steady_clock::now();
    if (left <= std::chrono::nanoseconds{0}) break;
    mailbox_->wait(std::chrono::duration_cast<std::chrono::milliseconds>(left));
  }
  mailbox_->close();
}

void Notifier::Core::use(std::unique_ptr<Policy> policy, std::int64_t now) {
  const std::unique_ptr<Policy> before = std::exchange(policy_, std::move(policy));
  state_.alerts.each([this](KeptAlert& alert) {
    alert.urgent = policy_->urgent(alert.alert.labels);
    policy_->inhibitor().note(alert.alert);
  });
  messenger_.use(*policy_);
  delivery_.use(*policy_);
  reroute(now);
}

void Notifier::Core::reroute(std::int64_t now) {
  // Where each alert goes now; an alert that ended makes no group any more, but keeps its own.
  std::set<std::string> alive;
  std::vector<std::pair<KeptAlert*, const Route*>> joining;
  state_.alerts.each([&](KeptAlert& alert) {
    for (const Route* const route : policy_->routes().match(alert.alert.labels)) {
      const std::string identity = GroupBook::identity_of(*route, group_labels(*route, alert.alert.labels));
      alive.insert(identity);
      const Group* const group = state_.groups.find(identity);
      if (group != nullptr && group->members.contains(alert.id)) continue;
      if (!alert.alert.resolved_at(now)) joining.emplace_back(&alert, route);
    }
  });
  for (auto& [id, group] : state_.groups.all()) {
    const Route* const route = policy_->routes().find(group.route);
    group.orphan = route == nullptr || route->receiver != group.receiver || !alive.contains(group.identity);
    if (!group.orphan) {
      group.wait_ms = route->group_wait.count();
      group.interval_ms = route->group_interval.count();
      group.repeat_ms = route->repeat_interval.count();
    }
    state_.groups.dirty.insert(id);
    looked_after_.insert(id);
  }
  for (const auto& [alert, route] : joining) {
    const rules::AlertLabels labels = group_labels(*route, alert->alert.labels);
    Group* group = state_.groups.find(GroupBook::identity_of(*route, labels));
    if (group != nullptr && group->orphan) {  // of another receiver now: the old group ends by itself
      if (group->receiver != route->receiver) continue;
      group->orphan = false;
    }
    group = &state_.groups.find_or_make(*route, labels, now);
    state_.groups.begin(*group, *alert);
    if (alert->urgent) hurried_.insert(group->id);
  }
}

void Notifier::Core::welcome_back(std::int64_t now) {
  std::set<std::int64_t> ended;
  std::vector<KeptAlert*> unrenewed;
  state_.alerts.each([&](KeptAlert& alert) {
    if (!alert.alert.resolved_at(now)) return;
    // Its end was not told, it is that nobody could renew it while we were down: its sender gets time to.
    if (alert.alert.ends_ms > alert.alert.updated_ms && options_.start_grace.count() > 0) {
      if (!alert.groups.empty()) unrenewed.push_back(&alert);
    } else {
      ended.insert(alert.groups.begin(), alert.groups.end());
    }
  });
  for (KeptAlert* const alert : unrenewed) state_.alerts.set_end(*alert, now + options_.start_grace.count());
  for (const std::int64_t id : ended) {
    if (Group* const group = state_.groups.find(id)) state_.groups.set_due(*group, now);
  }
  for (auto& [id, group] : state_.groups.all()) {
    looked_after_.insert(id);
    const bool urgent = std::any_of(group.members.begin(), group.members.end(), [this](const auto& member) {
      const KeptAlert* const alert = state_.alerts.find(member.first);
      return alert != nullptr && alert->urgent && member.second.untold;
    });
    if (urgent) hurried_.insert(id);
  }
}

Result<void> Notifier::Core::apply(NotifierSetup setup) {
  Result<std::unique_ptr<Policy>> policy = Policy::build(std::move(setup), silences_.get());
  if (!policy) return policy.error();
  Result<void> done = step(Extent::change, [this, &policy](std::int64_t now) { use(std::move(*policy), now); });
  mailbox_->wake();
  return done;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
