// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/clock.hpp>
#include <bellwether/file_system.hpp>
#include <bellwether/kill_scope.hpp>
#include <bellwether/registry.hpp>
#include <bellwether/result.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN

/// The question that the order path asks before each order: one relaxed load. A value; copies ask the same. It may outlive
/// the switch, and then says what the switch said last.
class KillGate {
 public:
  /// No order of this strategy may go to this venue.
  bool stopped() const noexcept { return latched_->load(std::memory_order_relaxed); }

 private:
  friend class KillSwitch;
  explicit KillGate(std::shared_ptr<const std::atomic<bool>> latched) noexcept : latched_(std::move(latched)) {}
  std::shared_ptr<const std::atomic<bool>> latched_;
};

/// Says whether the actor is who the token proves, and may reset.
using Authorizer = std::function<bool(std::string_view actor, std::string_view token)>;

/// Anyone who knows the secret may reset. Compares in constant time; an empty secret lets nobody pass.
BELLWETHER_API Authorizer token_authorizer(std::string secret);

struct KillSwitchOptions {
  std::string state_file;    ///< what is latched; `<state_file>.new` is used while it is written
  std::string audit_file;    ///< one line of JSON for each event, only ever appended to
  std::string account = {};  ///< account or instance, for messages and the audit trail
  Authorizer authorizer = {};
  /// A missing state file is a first start. Set this once the file exists: then its loss latches the firm.
  bool state_file_must_exist = false;
  /// Called after each latch, on the tripping thread, without a lock: cancel the open orders, page somebody. Must not throw.
  std::function<void(const KillLatch&, const std::string& message)> on_trip = {};

  FileSystem* files = &FileSystem::system();
  const Clock* clock = &Clock::system();
  Registry* registry = nullptr;
};

/// Stops trading, and keeps it stopped: through restarts, crashes and full disks, until a person with the right to do so
/// says why it may go on.
///
///     KillSwitch kill{{.state_file = "state/kill", .audit_file = "state/kill.audit", .account = "U123",
///                      .authorizer = token_authorizer(secret), .on_trip = cancel_all, .registry = &registry}};
///     const KillGate gate = kill.gate("grid", "binance");
///
///     if (gate.stopped()) return reject("kill_switch");                        // on the order path
///
///     kill.trip({.type = "pnl", .scope = KillScope::strategy("grid"), .value = -0.06, .limit = -0.05, .reason = "daily loss"});
///     kill.reset({.type = "pnl", .scope = KillScope::strategy("grid"), .actor = "ada", .token = token, .reason = "hedged"});
///
/// A latch of the firm stops all, one of a venue all strategies there, one of a strategy that strategy everywhere. Latches
/// of several types hold side by side; each is reset by itself. To trip on a measured value, see <bellwether/kill_guard.hpp>.
///
/// Fail-safe. A trip stops orders first, in memory, and is then written; a disk that fails makes `trip` return an error, but
/// the latch holds. A reset counts only once audit trail and state are on the disk; before, it is refused. A state file that
/// cannot be read, or whose checksum is wrong, latches the firm with the type "state_file".
///
/// Exports kill_switch_latched{type,scope}, kill_switch_activations_total{type,scope}, kill_switch_resets_total,
/// kill_switch_blocked_by_data_quality_total, and kill_switch_disk_errors_total.
///
/// Threads: any, all functions; a mutex orders trips and resets and is held while the disk is written. `KillGate::stopped` never
/// waits. Allocation: everything but `stopped`. One process per state file. The constructor throws `Exception` for
/// missing file names or a metric's name that is taken, never for what is wrong with the files.
class BELLWETHER_API KillSwitch {
 public:
  explicit KillSwitch(KillSwitchOptions options);
  ~KillSwitch();
  KillSwitch(const KillSwitch&) = delete;
  KillSwitch& operator=(const KillSwitch&) = delete;

  /// Ask once at start, keep the gate.
  KillGate gate(const std::string& strategy, const std::string& venue);

  /// Latches. If this type and scope is latched already, nothing changes. An error means that it is latched, but would not
  /// survive a restart; call `save` until it succeeds.
  Result<void> trip(KillTrip trip);

  /// Lifts a latch. The error says what was missing: right, reason, latch, disk.
  Result<void> reset(const KillReset& request);

  /// Writes the state again, after an error of `trip`.
  Result<void> save();

  /// True if this very type and scope is latched.
  bool is_latched(std::string_view type, const KillScope& scope) const;
  std::vector<KillLatch> latches() const;

  /// "kill switch pnl of strategy:grid, account U123: value -0.06, limit -0.05: daily loss. …": for alerts and pages.
  std::string message(const KillLatch& latch) const;

  /// The newest lines of the audit trail, oldest first, each a JSON object. A line that a crash cut short is left out.
  Result<std::vector<std::string>> audit(std::size_t most = 1000) const;

  /// Counts that a value could not be judged; the first of a series is audited. For `KillGuard`.
  void blocked(const KillTrip& would_be, bool first);

  /// Shows the type and scope with 0 before the first trip.
  void announce(const std::string& type, const KillScope& scope);

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

BELLWETHER_NAMESPACE_END
