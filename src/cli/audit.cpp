// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/audit.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>

#include <bellwether/registry.hpp>
#include <cstdio>
#include <string>
#include <string_view>

#include "automation/audit_routes.hpp"
#include "automation/pack_observers.hpp"
#include "automation/system.hpp"
#include "cli/access_token.hpp"
#include "cli/automation_server.hpp"
#include "cli/log.hpp"
#include "cli/stop_signals.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

int fail(const std::string& why) {
  fmt::print(stderr, "bellwether audit: {}\n", why);
  return 1;
}

int audit_once(const automation::AuditOptions& options) {
  automation::AuditAgent agent{options, Clock::system()};
  const automation::AuditOutcome outcome = agent.run(automation::AuditTrigger::manual);
  if (outcome.coverage) {
    fmt::print("coverage  {:.2f} %  ({} of {} lines)\n", outcome.coverage->percent(), outcome.coverage->covered,
               outcome.coverage->lines);
  }
  if (!options.markers.places.empty()) fmt::print("markers   {}\n", outcome.markers.all);
  for (const automation::AuditError& error : outcome.errors) fail(error.message);
  return outcome.errors.empty() ? 0 : 1;
}

}  // namespace

int run_audit(const AuditCommandOptions& options) {
  if (options.once) return audit_once(options.service.audit);
  StopSignals signals;
  const auto log = make_log(nullptr);
  const auto token = access_token();
  if (!token) return fail(token.error().message);

  Registry registry;
  const auto system = automation::SystemMetrics::add(registry);
  if (!system) return fail(system.error().message);
  automation::PackAuditObserver metrics{registry};
  auto service = automation::AuditService::create(options.service, metrics,
                                                  [log](std::string_view text) { log->info("{}", text); });
  if (!service) return fail(service.error().message);
  Worker worker{[&service](const std::stop_token& stop) { (*service)->run(stop); }};
  auto server =
      start_automation_server(options.port, registry, worker.running(), automation::audit_routes(**service, *token));
  if (!server) return fail(server.error().message);
  fmt::print(
      "auditing\n  metrics  {}/metrics\n  status   {}/status\n"
      "  token    {}  (for POST /run: Authorization: Bearer ...)\n",
      (*server)->url(), (*server)->url(), *token);
  std::fflush(stdout);

  while (worker.running() && !signals.wait_for(std::chrono::milliseconds{100})) {
  }
  (*server)->stop();
  worker.stop();
  if (!worker.failure().empty()) return fail(worker.failure());
  fmt::print("stopped after {} audits\n", (*service)->status().runs);
  return 0;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
