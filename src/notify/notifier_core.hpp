// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/result.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "notify/delivery.hpp"
#include "notify/heartbeat.hpp"
#include "notify/messenger.hpp"
#include "notify/notifier.hpp"
#include "notify/notifier_file.hpp"
#include "notify/notifier_state.hpp"
#include "storage/directory_lock.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// The notifier behind its door: one mutex, and steps. A step changes the state in memory, decides who is told and which messages go,
/// writes all of it in one transaction, lets go of the mutex and hands the messages to their integrations.
class Notifier::Core {
 public:
  explicit Core(NotifierOptions options);
  ~Core();

  Result<void> begin(NotifierSetup setup);
  void begin_thread();
  void stop(std::chrono::milliseconds patience);

  Result<void> post(std::span<const rules::Alert> alerts);
  Result<void> resolve_unrenewed(const std::function<bool(const rules::Alert&)>& mine);
  Result<void> apply(NotifierSetup setup);
  Result<void> acknowledge(Acknowledgement acknowledgement);
  Result<void> unacknowledge(std::string_view fingerprint);
  Result<void> heartbeat(std::string_view name);
  std::optional<std::int64_t> run_due();

  std::vector<AlertView> alerts() const;
  std::vector<GroupView> groups() const;
  std::vector<DeadLetter> dead_letters() const;
  NotifierStatus status() const;
  Silences& silences() { return *silences_; }

 private:
  /// Whether a step does all that is due, or what its change asks for at once: the rest is the thread's.
  enum class Extent : std::uint8_t { all, change };
  static constexpr std::int64_t never = INT64_MAX;

  /// From the beginning of a post to its end.
  class Posting {
   public:
    explicit Posting(Core& core) : core_(core) { ++core_.posting_; }
    ~Posting() {
      --core_.posting_;
      ++core_.posts_ended_;
      core_.posts_ended_.notify_all();
      core_.mailbox_->wake();
    }
    Posting(const Posting&) = delete;
    Posting& operator=(const Posting&) = delete;

   private:
    Core& core_;
  };

  std::int64_t now_ms() const;
  Result<void> step(Extent extent, const std::function<void(std::int64_t)>& change);

  // What is due. Each lowers `next_ms_` to when it wants to be asked again.
  void take_answers(std::int64_t now);
  void end_expired(std::int64_t now);
  void flush_due(std::int64_t now);
  void recheck(std::int64_t now);
  void escalate_due(std::int64_t now);
  void check_heartbeats(std::int64_t now);
  void forget_old(std::int64_t now);
  void ping_watchdogs(std::int64_t now);

  void post_one(const rules::Alert& alert, std::int64_t now);
  void join_groups(KeptAlert& alert, std::int64_t now);
  void hurry(const KeptAlert& alert);
  void flush(std::int64_t group, std::int64_t now);
  void flush_hurried(std::int64_t now);
  void want(std::int64_t when) { next_ms_ = std::min(next_ms_, when); }

  void use(std::unique_ptr<Policy> policy, std::int64_t now);
  void reroute(std::int64_t now);
  void welcome_back(std::int64_t now);
  NotifierMetrics::Snapshot snapshot() const;
  AlertView view_of(const KeptAlert& alert, std::int64_t now) const;

  const NotifierOptions options_;
  NotifierMetrics metrics_;
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  storage::DirectoryLock lock_;
  std::unique_ptr<Silences> silences_;
  std::atomic<bool> policy_changed_{false};

  mutable std::mutex mutex_;
  std::atomic<int> posting_{0};  // the thread lets one of them go first
  std::atomic<std::uint64_t> posts_ended_{0};
  std::unique_ptr<NotifierFile> file_;
  NotifierState state_;
  std::unique_ptr<Policy> policy_;
  Messenger messenger_;
  Delivery delivery_;
  Watchdogs watchdogs_;
  std::set<std::int64_t> hurried_;       // groups with an urgent change, or told at once for another reason
  std::set<std::int64_t> looked_after_;  // groups whose escalation may have changed
  std::int64_t start_ms_ = 0;
  std::int64_t ends_seen_ms_ = 0;  // alerts that ended until then are dealt with
  std::int64_t forget_at_ms_ = 0;
  std::int64_t next_ms_ = never;
  std::int64_t retry_save_ms_ = 0;
  bool written_down_ = true;
  bool stopping_ = false;
  std::vector<config::WatchdogConfig> pings_;  // of this step, to be called without the mutex

  std::thread thread_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
