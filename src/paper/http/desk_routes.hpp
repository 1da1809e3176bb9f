// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <vector>

#include "net/http_server.hpp"
#include "paper/desk.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The desk over HTTP, in JSON:
///
///     GET  /engines/status            [{"symbol","status","uptime_seconds","last_heartbeat","errors",...}]
///     POST /engines/{symbol}/start    also /stop; 404 for an unknown symbol, 409 when it makes no sense now
///     POST /engines/{symbol}/crash    a fault for drills; needs the token
///     GET  /risk/summary              {"equity","realized_today_pct","positions_open","global_stop","reasons"}
///     POST /risk/global_stop/reset    {"reason":"..."}; needs the token
///
/// A token comes as `Authorization: Bearer <token>`. A page in a browser (it sends `Origin`) needs it for start and
/// stop too, so that no web site can reach the desk behind the user's back.
///
/// `desk` must outlive the server. Times are seconds; realized_today_pct is percent.
std::vector<net::Route> desk_routes(Desk& desk, const std::string& token);

}  // namespace paper
BELLWETHER_NAMESPACE_END
