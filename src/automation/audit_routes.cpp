// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/audit_routes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "net/bearer_token.hpp"
#include "resilience/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

using net::Request;
using net::Response;
using resilience::json_text;

std::string coverage_json(const std::optional<Coverage>& coverage) {
  return coverage ? fmt::format("{:.4f}", coverage->percent()) : "null";
}

std::string outcome_json(const AuditOutcome& outcome) {
  std::vector<std::string> errors;
  for (const AuditError& error : outcome.errors) {
    errors.push_back(fmt::format(R"({{"type":"{}","message":{}}})", name_of(error.type), json_text(error.message)));
  }
  return fmt::format(R"({{"trigger":"{}","took_seconds":{:.6f},"finished_at":{:.3f},"coverage_percent":{},)"
                     R"("markers":{},"new_markers":{},"errors":[{}]}})",
                     name_of(outcome.trigger), std::chrono::duration<double>(outcome.took).count(),
                     std::chrono::duration<double>(outcome.finished_at).count(), coverage_json(outcome.coverage),
                     outcome.markers.all, outcome.markers.fresh, fmt::join(errors, ","));
}

Response status(const AuditService& service) {
  const AuditStatus now = service.status();
  return Response::json(
      200, fmt::format("{{\"runs\":{},\"waiting\":{},\"coverage_percent\":{},\"last\":{}}}\n", now.runs, now.waiting,
                       coverage_json(now.coverage), now.last ? outcome_json(*now.last) : "null"));
}

Response ask(AuditService& service) {
  const bool first = service.request();
  return Response::json(202, fmt::format("{{\"accepted\":true,\"already_waiting\":{}}}\n", !first));
}

}  // namespace

std::vector<net::Route> audit_routes(AuditService& service, const std::string& token) {
  std::vector<net::Route> routes;
  routes.push_back({"POST", "/run", net::behind_token(token, [&service](const Request&) { return ask(service); })});
  routes.push_back({"GET", "/status", [&service](const Request&) { return status(service); }});
  return routes;
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
