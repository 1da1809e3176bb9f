// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <vector>

#include "automation/audit_service.hpp"
#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// The audits over HTTP, in JSON:
///
///     POST /run       asks for an audit; 202 at once, {"accepted":true,"already_waiting"}. Needs the token
///     GET  /status    {"runs","waiting","coverage_percent","last":{"trigger","took_seconds","finished_at",...}}
///
/// Times are seconds. `service` must outlive the server.
std::vector<net::Route> audit_routes(AuditService& service, const std::string& token);

}  // namespace automation
BELLWETHER_NAMESPACE_END
