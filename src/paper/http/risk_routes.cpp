// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/desk.hpp"
#include "paper/http/access.hpp"
#include "paper/http/desk_api.hpp"
#include "paper/http/json_text.hpp"
#include "paper/http/request_body.hpp"
#include "paper/http/snapshot_json.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr const char* reason_needed = R"(give a reason: {"reason":"why it is safe to trade again"})";

/// Reads a body with a reason, then acts; answers what `describe` says of the desk afterwards.
template <typename Acting, typename Describe>
net::Response with_reason(const net::Request& request, Acting&& act, Describe&& describe) {
  const auto body = read_body(request.body);
  if (!body) return failure(400, body.error().message);
  if (body->reason.empty()) return failure(400, reason_needed);
  if (const Result<void> result = act(*body); !result) return failure(409, result.error().message);
  return describe();
}

}  // namespace

std::vector<ApiRoute> risk_routes(Desk& desk) {
  // Asking for the summary exports it, as the document promises.
  const auto summary = [&desk] { return net::Response::json(200, risk_json(desk.report()) + '\n'); };
  const auto switches = [&desk] { return net::Response::json(200, kill_switches_json(desk.snapshot().risk) + '\n'); };
  const auto trip = [&desk, switches](const net::Request& request) {
    return with_reason(
        request, [&](const RequestBody& body) { return desk.trip(body.reason); }, switches);
  };
  const auto reset = [&desk](const auto& describe) {
    return [&desk, describe](const net::Request& request) {
      return with_reason(
          request,
          [&](const RequestBody& body) {
            return desk.reset(body.type, body.actor, std::string{bearer_token(request)}, body.reason);
          },
          describe);
    };
  };
  const auto enable = [&desk, summary](const net::Request& request) {
    return with_reason(
        request,
        [&](const RequestBody& body) { return desk.enable_strategy(request.parameter("strategy"), body.reason); },
        summary);
  };
  const auto audit = [&desk](const net::Request&) {
    const auto events = desk.audit(100);
    if (!events) return failure(500, events.error().message);
    const std::string list = json_array(*events, [](const std::string& line) { return line; });
    return net::Response::json(200, JsonObject{}.add_json("events", list).text() + '\n');
  };
  return {
      {"GET", "/risk/summary", "Equity, today's result and the global stop", "RiskSummary",
       [summary](const net::Request&) { return summary(); }},
      {"POST",
       "/risk/global_stop/reset",
       "Lifts every latched kill switch",
       "RiskSummary",
       reset(summary),
       true,
       {},
       "Reason"},
      {"GET", "/api/v1/risk/kill-switches", "Which kill switches are latched, and why", "KillSwitches",
       [switches](const net::Request&) { return switches(); }},
      {"POST",
       "/api/v1/risk/kill-switches/trip",
       "Stops all trading until a reset",
       "KillSwitches",
       trip,
       true,
       {},
       "Reason"},
      {"POST",
       "/api/v1/risk/kill-switches/reset",
       "Lifts one kind of kill switch, or all",
       "KillSwitches",
       reset(switches),
       true,
       {},
       "Reset"},
      {"GET", "/api/v1/risk/audit", "The newest events of the kill switches' audit trail", "Audit", audit},
      {"POST",
       "/api/v1/strategies/{strategy}/enable",
       "Lets a throttled strategy trade again",
       "RiskSummary",
       enable,
       true,
       {},
       "Reason"},
  };
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
