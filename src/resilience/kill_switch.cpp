// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/kill_switch.hpp>

#include <map>
#include <mutex>
#include <optional>

#include "resilience/json_text.hpp"
#include "resilience/kill_audit.hpp"
#include "resilience/kill_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace {

using resilience::KillLatches;

KillSwitchOptions checked(KillSwitchOptions options) {
  const char* problem = nullptr;
  if (options.state_file.empty() || options.audit_file.empty()) problem = "state_file and audit_file must be named";
  if (options.state_file == options.audit_file) problem = "state_file and audit_file must be two files";
  if (options.files == nullptr || options.clock == nullptr)
    problem = "files or clock is null; leave it out for the system's";
  if (problem != nullptr) throw Exception(Error{std::string("kill switch: ") + problem});
  return options;
}

struct KillExport {
  explicit KillExport(Registry& registry)
      : latched(registry
                    .gauge<"type", "scope">("kill_switch_latched", "1: no orders until a person resets it.",
                                            {.urgent = true})
                    .value()),
        activations(registry
                        .counter<"type", "scope">("kill_switch_activations_total", "Trips of the kill switch.",
                                                  {.urgent = true})
                        .value()),
        resets(registry.counter("kill_switch_resets_total", "Latches that a person lifted.").value()),
        blocked(registry
                    .counter(
                        "kill_switch_blocked_by_data_quality_total",
                        "Values that could have tripped a kill switch but were not judged, because their data was bad.")
                    .value()),
        disk_errors(
            registry.counter("kill_switch_disk_errors_total", "Writes of state or audit trail that failed.").value()) {}

  Family<Gauge, "type", "scope"> latched;
  Family<Counter, "type", "scope"> activations;
  Counter resets;
  Counter blocked;
  Counter disk_errors;
};

bool covers(const KillScope& scope, const std::string& strategy, const std::string& venue) {
  switch (scope.kind) {
    case KillScope::Kind::venue:
      return scope.name == venue;
    case KillScope::Kind::strategy:
      return scope.name == strategy;
    case KillScope::Kind::firm:
      break;
  }
  return true;
}

}  // namespace

struct KillSwitch::Core {
  explicit Core(KillSwitchOptions given)
      : options(checked(std::move(given))), audit(*options.files, options.audit_file, options.account, *options.clock) {
    if (options.registry != nullptr) exported.emplace(*options.registry);
  }

  /// Reads what an earlier process latched; whatever is wrong with it latches the firm.
  void load() {
    const auto content = options.files->read(options.state_file);
    if (!content) return distrust(content.error().message);
    if (!*content) {
      if (options.state_file_must_exist) distrust("it is missing");
      return;
    }
    auto state = resilience::read_kill_state(**content);
    if (!state) return distrust(state.error().message);
    latches = *std::move(state);
    for (const auto& [key, latch] : latches) {
      show(key.first, key.second, true);
      (void)noted(audit.trip("latched_at_start", latch.trip));
    }
  }

  void distrust(const std::string& why) {
    latch(
        {.type = "state_file", .scope = KillScope::firm(), .reason = "state file " + options.state_file + ": " + why});
    (void)save_state(latches);  // a failure is counted; the next start latches again
  }

  /// With the mutex. False if it holds already.
  bool latch(KillTrip trip) {
    std::pair key{trip.type, trip.scope};
    const auto [place, added] = latches.try_emplace(std::move(key), KillLatch{std::move(trip), options.clock->wall()});
    if (!added) return false;
    publish();  // orders stop here; all that follows may fail
    const KillTrip& latched = place->second.trip;
    show(latched.type, latched.scope, true);
    if (exported) exported->activations.at(latched.type, latched.scope.text()).inc();
    return true;
  }

  void publish() {
    for (auto& [names, gate] : gates) {
      bool stopped = false;
      for (const auto& [key, latch] : latches) stopped = stopped || covers(key.second, names.first, names.second);
      gate->store(stopped, std::memory_order_relaxed);
    }
  }

  void show(const std::string& type, const KillScope& scope, bool latched) {
    if (!exported) return;
    exported->latched.at(type, scope.text()).announce(latched ? 1 : 0);
    exported->activations.at(type, scope.text()).inc(0);
  }

  Result<void> save_state(const KillLatches& state) {
    return noted(resilience::replace_file(*options.files, options.state_file, resilience::write_kill_state(state)));
  }

  Result<void> noted(Result<void> result) const {
    if (!result && exported) exported->disk_errors.inc();
    return result;
  }

  Result<void> refuse(const KillReset& request, const std::string& why) {
    (void)noted(audit.reset("reset_refused", request, why));
    return Error{"kill switch " + request.type + " of " + request.scope.text() + " was not reset: " + why};
  }

  Result<void> reset(const KillReset& request, bool authorized) {
    if (!options.authorizer) return refuse(request, "no authorizer is configured, so nobody may");
    if (request.actor.empty()) return refuse(request, "the actor is not named");
    if (!authorized) return refuse(request, "the token does not prove that " + request.actor + " may");
    if (request.reason.empty()) return refuse(request, "a reason must be given");
    const auto found = latches.find({request.type, request.scope});
    if (found == latches.end()) return refuse(request, "it is not latched");
    if (auto written = noted(audit.reset("reset", request, {})); !written) {
      return Error{"the reset cannot be audited, so the latch holds: " + written.error().message};
    }
    KillLatches lifted = latches;
    lifted.erase({request.type, request.scope});
    if (auto saved = save_state(lifted); !saved) {
      (void)save_state(latches);  // the failed step may have been the last one: put the latch back on the disk, too
      return refuse(request, "the state cannot be saved: " + saved.error().message);
    }
    latches = std::move(lifted);
    publish();
    show(request.type, request.scope, false);
    if (exported) exported->resets.inc();
    return {};
  }

  const KillSwitchOptions options;
  mutable std::mutex mutex;
  resilience::KillAudit audit;
  std::optional<KillExport> exported;
  KillLatches latches;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<std::atomic<bool>>> gates;  // by strategy and venue
};

KillSwitch::KillSwitch(KillSwitchOptions options) : core_(std::make_unique<Core>(std::move(options))) {
  core_->load();
}
KillSwitch::~KillSwitch() = default;

KillGate KillSwitch::gate(const std::string& strategy, const std::string& venue) {
  const std::scoped_lock lock(core_->mutex);
  auto& gate = core_->gates[{strategy, venue}];
  if (gate == nullptr) {
    gate = std::make_shared<std::atomic<bool>>(true);
    core_->publish();
  }
  return KillGate(gate);
}

Result<void> KillSwitch::trip(KillTrip trip) {
  KillLatch latch;
  Result<void> kept;
  {
    const std::scoped_lock lock(core_->mutex);
    const std::pair key{trip.type, trip.scope};
    if (!core_->latch(std::move(trip))) return {};
    latch = core_->latches.at(key);
    kept = core_->save_state(core_->latches);
    auto audited = core_->noted(core_->audit.trip("trip", latch.trip));
    if (kept) kept = std::move(audited);
  }
  if (core_->options.on_trip) core_->options.on_trip(latch, message(latch));
  if (!kept) return Error{"latched, but it would not survive a restart: " + kept.error().message};
  return kept;
}

Result<void> KillSwitch::reset(const KillReset& request) {
  const bool authorized = core_->options.authorizer && core_->options.authorizer(request.actor, request.token);
  const std::scoped_lock lock(core_->mutex);
  return core_->reset(request, authorized);
}

Result<void> KillSwitch::save() {
  const std::scoped_lock lock(core_->mutex);
  return core_->save_state(core_->latches);
}

bool KillSwitch::is_latched(std::string_view type, const KillScope& scope) const {
  const std::scoped_lock lock(core_->mutex);
  return core_->latches.contains({std::string(type), scope});
}

std::vector<KillLatch> KillSwitch::latches() const {
  const std::scoped_lock lock(core_->mutex);
  std::vector<KillLatch> all;
  for (const auto& [key, latch] : core_->latches) all.push_back(latch);
  return all;
}

std::string KillSwitch::message(const KillLatch& latch) const {
  const KillTrip& trip = latch.trip;
  const std::string account = core_->options.account.empty() ? "" : ", account " + core_->options.account;
  return "kill switch " + trip.type + " of " + trip.scope.text() + account + ": value " +
         resilience::number_text(trip.value) + ", limit " + resilience::number_text(trip.limit) + ": " + trip.reason +
         ". New orders are refused, also after a restart; an authorised reset with a reason lets new orders pass again "
         "and "
         "restores neither cancelled orders nor positions.";
}

Result<std::vector<std::string>> KillSwitch::audit(std::size_t most) const {
  const std::scoped_lock lock(core_->mutex);
  return core_->audit.newest(most);
}

void KillSwitch::blocked(const KillTrip& would_be, bool first) {
  const std::scoped_lock lock(core_->mutex);
  if (core_->exported) core_->exported->blocked.inc();
  if (first) (void)core_->noted(core_->audit.trip("blocked", would_be));
}

void KillSwitch::announce(const std::string& type, const KillScope& scope) {
  const std::scoped_lock lock(core_->mutex);
  core_->show(type, scope, core_->latches.contains({type, scope}));
}

Authorizer token_authorizer(std::string secret) {
  return [secret = std::move(secret)](std::string_view, std::string_view token) {
    unsigned difference = secret.empty() || secret.size() != token.size() ? 1 : 0;
    for (std::size_t i = 0; i < token.size() && !secret.empty(); ++i) {
      difference |= static_cast<unsigned char>(token[i]) ^ static_cast<unsigned char>(secret[i % secret.size()]);
    }
    return difference == 0;
  };
}

BELLWETHER_NAMESPACE_END
