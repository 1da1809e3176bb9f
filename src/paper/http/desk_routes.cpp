// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/http/desk_routes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>
#include <utility>

#include "paper/feed/json_cursor.hpp"
#include "paper/http/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

using net::Request;
using net::Response;

std::string_view name_of(EngineStatus status) noexcept {
  switch (status) {
    case EngineStatus::stopped:
      return "stopped";
    case EngineStatus::running:
      return "running";
    case EngineStatus::crashed:
      return "crashed";
  }
  return "unknown";
}

Response failure(int status, std::string_view why) {
  return Response::json(status, fmt::format("{{\"error\":{}}}\n", json_string(why)));
}

/// Takes as long for every wrong token of the right length: nothing to measure.
bool same(std::string_view a, std::string_view b) noexcept {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

bool has_token(const Request& request, const std::string& token) {
  constexpr std::string_view scheme = "Bearer ";
  const std::string_view given = request.header("authorization");
  return given.substr(0, scheme.size()) == scheme && same(given.substr(scheme.size()), token);
}

Response token_needed() {
  Response response = failure(401, "this needs the token that the program printed at its start");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Response engines_status(const Desk& desk) {
  std::vector<std::string> entries;
  for (const EngineView& engine : desk.engines()) {
    entries.push_back(
        fmt::format(R"({{"symbol":{},"status":"{}","uptime_seconds":{:.3f},"last_heartbeat":{:.3f},"errors":{},)"
                    R"("side":"{}","prob_up":{:.4f},"confidence":{:.4f}}})",
                    json_string(engine.symbol), name_of(engine.health.status), engine.health.uptime_seconds,
                    engine.health.last_heartbeat_seconds, engine.health.errors, name(engine.side),
                    engine.prediction.prob_up, engine.prediction.confidence));
  }
  return Response::json(200, fmt::format("[{}]\n", fmt::join(entries, ",")));
}

Response risk_summary(const Desk& desk) {
  const RiskSummary risk = desk.risk();
  std::vector<std::string> reasons;
  for (const std::string& reason : risk.reasons) reasons.push_back(json_string(reason));
  return Response::json(
      200,
      fmt::format(
          R"({{"equity":{:.4f},"realized_today_pct":{:.6f},"positions_open":{},"global_stop":{},"reasons":[{}]}})"
          "\n",
          risk.equity, risk.realized_today_percent, risk.positions_open, risk.global_stop, fmt::join(reasons, ",")));
}

using Act = Result<void> (Desk::*)(std::string_view);

Response act_on_engine(Desk& desk, Act act, const Request& request, std::string_view done) {
  const std::string symbol{request.parameter("symbol")};
  if (!desk.knows(symbol)) return failure(404, "no engine for this symbol; /engines/status lists them");
  if (const auto result = (desk.*act)(symbol); !result) return failure(409, result.error().message);
  return Response::json(200, fmt::format("{{\"symbol\":{},\"result\":\"{}\"}}\n", json_string(symbol), done));
}

Response reset_global_stop(Desk& desk, const Request& request) {
  JsonCursor json{request.body};
  std::string_view reason;
  const bool read = json.object([&](std::string_view key) {
    return key == "reason" ? json.string(reason) : json.skip_value();
  }) && json.at_end();
  if (!read || reason.empty()) return failure(400, R"(give a reason: {"reason":"why it is safe to trade again"})");
  if (const auto result = desk.reset_global_stop(reason); !result) return failure(409, result.error().message);
  return risk_summary(desk);
}

}  // namespace

std::vector<net::Route> desk_routes(Desk& desk, const std::string& token) {
  const auto guarded = [token](auto handler) -> net::Handler {
    return [token, handler](const Request& request) {
      return has_token(request, token) ? handler(request) : token_needed();
    };
  };
  const auto not_from_web_sites = [token](auto handler) -> net::Handler {
    return [token, handler](const Request& request) {
      const bool from_browser = !request.header("origin").empty();
      return from_browser && !has_token(request, token) ? token_needed() : handler(request);
    };
  };
  const auto engine = [&desk](Act act, std::string_view done) {
    return [&desk, act, done](const Request& request) { return act_on_engine(desk, act, request, done); };
  };

  std::vector<net::Route> routes;
  routes.push_back({"GET", "/engines/status", [&desk](const Request&) { return engines_status(desk); }});
  routes.push_back({"POST", "/engines/{symbol}/start", not_from_web_sites(engine(&Desk::start, "started"))});
  routes.push_back({"POST", "/engines/{symbol}/stop", not_from_web_sites(engine(&Desk::stop, "stopped"))});
  routes.push_back({"POST", "/engines/{symbol}/crash", guarded(engine(&Desk::crash, "crash armed"))});
  routes.push_back({"GET", "/risk/summary", [&desk](const Request&) { return risk_summary(desk); }});
  routes.push_back({"POST", "/risk/global_stop/reset",
                    guarded([&desk](const Request& request) { return reset_global_stop(desk, request); })});
  return routes;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
