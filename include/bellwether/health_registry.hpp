// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/health_report.hpp>
#include <bellwether/registry.hpp>
#include <bellwether/result.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN

struct HealthCheckOptions {
  std::string name;                                        ///< unique; label `service`
  std::vector<HealthProbe> probes = {HealthProbe::ready};  ///< which questions it helps to answer
  std::chrono::nanoseconds interval = std::chrono::seconds{10};
  /// A check that runs longer is reported as unhealthy; it is not waited for.
  std::chrono::nanoseconds timeout = std::chrono::seconds{2};
  bool critical = true;  ///< false: its failure only degrades the whole
  unsigned failures_to_unhealthy =
      1;  ///< below so many in a row, a failure counts as degraded: one lost packet is no outage
};

struct HealthRegistryOptions {
  /// True: each check has a thread of its own, from `add` on. False: checks run in `run_due`, on its caller's thread.
  bool background = true;
  Registry* registry = nullptr;  ///< exports `peak_health_check_status{service}`: 1 healthy or degraded, 0 unhealthy
  const Clock* clock = &Clock::system();
};

/// Knows whether the process is well, without asking when asked: checks run on their own time, a probe reads what they
/// said last.
///
///     HealthRegistry health{{.registry = &registry}};
///     health.add({.name = "redis", .critical = false}, [=] { return redis->ping() ? HealthResult{} : HealthResult{...}; });
///     const HealthReport report = health.report(HealthProbe::ready);
///     respond(report.http_status(), report.json());
///
/// The whole is the worst of its parts. A check counts as unhealthy if it throws, runs beyond its time-out, or has said
/// nothing for three intervals and a time-out (its thread starves, or nobody calls `run_due`). Before its first
/// result it is unhealthy in `ready` and `started`, and healthy in `live`: a starting process must not be restarted. An
/// empty list is healthy. `ready` is unhealthy until `started` was healthy once.
///
/// Threads: any, all functions; `report` takes one mutex a check for a copy, and waits for no check. Allocation: all but
/// nothing on a hot path. The destructor waits for a running check up to its time-out, then leaves its thread behind:
/// what a check that may hang refers to must be held by the check itself (capture shared_ptr by value), and the clock must
/// outlive it. The time-outs of
/// background checks follow `clock`, the pauses between them the system's.
/// Errors: `add` refuses a name twice and times that are not positive.
class BELLWETHER_API HealthRegistry {
 public:
  using Check = std::function<HealthResult()>;

  /// Throws `Exception` if the metric's name is taken.
  explicit HealthRegistry(HealthRegistryOptions options = {});
  ~HealthRegistry();
  HealthRegistry(const HealthRegistry&) = delete;
  HealthRegistry& operator=(const HealthRegistry&) = delete;

  Result<void> add(HealthCheckOptions options, Check check);

  /// Runs the checks whose interval is over, one after the other. Only without background threads; else does nothing.
  void run_due();

  HealthReport report(HealthProbe probe);
  /// All checks, whatever they are for.
  HealthReport report();

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

BELLWETHER_NAMESPACE_END
