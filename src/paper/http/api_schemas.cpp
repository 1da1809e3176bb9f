// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/http/api_schemas.hpp"

#include <string_view>
#include <vector>

#include "paper/http/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

/// A member of an object: `type` is one of JSON's, with a trailing '?' where it may be null, "[Name]" for a list of
/// another schema, or "[string]".
struct Member {
  std::string_view name;
  std::string_view type;
  std::string_view description = {};
};

struct Schema {
  std::string_view name;
  std::vector<Member> members;
  bool all_required = true;
};

const std::vector<Schema>& schemas() {
  static const std::vector<Schema> all = {
      {"Error", {{"error", "string", "what was refused and what would be accepted"}}},
      {"Done", {{"result", "string"}}},
      {"Engine",
       {{"symbol", "string"},
        {"status", "string", "stopped, running or crashed"},
        {"uptime_seconds", "number"},
        {"last_heartbeat", "number", "of the last completed cycle; 0: none yet"},
        {"errors", "integer"},
        {"side", "string", "flat, long or short"},
        {"prob_up", "number"},
        {"confidence", "number"}}},
      {"Bot",
       {{"bot_id", "string"},
        {"strategy", "string"},
        {"symbol", "string"},
        {"status", "string", "running, paused or stopped"},
        {"crashed", "boolean"},
        {"uptime_seconds", "number"},
        {"last_heartbeat", "number"},
        {"errors", "integer"},
        {"side", "string"},
        {"mid", "number"},
        {"position", "number", "base units, below 0 when short"},
        {"pnl_usd", "number", "since the desk began, net of fees"},
        {"trades", "integer"}}},
      {"Position",
       {{"symbol", "string"},
        {"quantity", "number"},
        {"mark", "number"},
        {"value_usd", "number"},
        {"pnl_usd", "number"}}},
      {"Portfolio",
       {{"total_value_usd", "number"},
        {"cash_balance_usd", "number"},
        {"realized_today_pct", "number", "percent of the day's first equity"},
        {"pnl_cumulative", "number", "fraction"},
        {"pnl_daily", "number", "fraction"},
        {"gross_exposure", "number", "times equity"},
        {"net_exposure", "number", "times equity"},
        {"largest_position_pct", "number", "percent"},
        {"win_rate", "number?"},
        {"profit_factor", "number?"},
        {"positions", "[Position]"}}},
      {"Statistics",
       {{"samples", "integer", "returns at the day's boundaries"},
        {"sharpe_30d", "number?"},
        {"sharpe_90d", "number?"},
        {"psr", "number?"},
        {"volatility", "number?"},
        {"beta", "number?"},
        {"var_95", "number?"},
        {"cvar_95", "number?"},
        {"drawdown", "number", "fraction, at least 0"},
        {"worst_drawdown", "number"}}},
      {"RiskSummary",
       {{"equity", "number"},
        {"realized_today_pct", "number"},
        {"positions_open", "integer"},
        {"global_stop", "boolean"},
        {"reasons", "[string]"},
        {"regime", "string", "Calm, Normal or Storm"},
        {"gross_limit", "number"},
        {"net_limit", "number"},
        {"drawdown", "number"}}},
      {"KillSwitch", {{"type", "string"}, {"scope", "string"}, {"message", "string"}}},
      {"KillSwitches",
       {{"pnl", "boolean"},
        {"psr", "boolean"},
        {"drawdown", "boolean"},
        {"global_stop", "boolean"},
        {"latched", "[KillSwitch]"}}},
      {"Order",
       {{"order_id", "integer"},
        {"bot_id", "string"},
        {"strategy", "string"},
        {"symbol", "string"},
        {"side", "string"},
        {"type", "string"},
        {"status", "string"},
        {"reject_reason", "string"},
        {"quantity", "number"},
        {"limit_price", "number"},
        {"filled_quantity", "number"},
        {"average_price", "number"},
        {"fees", "number"},
        {"intent_time", "number?"},
        {"acknowledge_time", "number?"},
        {"end_time", "number?"}}},
      {"Fill",
       {{"order_id", "integer"},
        {"bot_id", "string"},
        {"symbol", "string"},
        {"side", "string"},
        {"quantity", "number"},
        {"price", "number"},
        {"fee", "number"},
        {"time", "number"}}},
      {"Fault",
       {{"fault", "string"},
        {"symbol", "string", "empty: all"},
        {"since", "number"},
        {"until", "number?"},
        {"description", "string"}}},
      {"Check",
       {{"name", "string"},
        {"status", "string"},
        {"detail", "string"},
        {"checked_at", "number"},
        {"took_seconds", "number"},
        {"failures_in_a_row", "integer"}}},
      {"Health", {{"status", "string", "healthy, degraded or unhealthy"}, {"checks", "[Check]"}}},
      {"DeskHealth",
       {{"status", "string"},
        {"last_cycle", "number?", "when an engine last completed a cycle"},
        {"checks", "[Check]"}}},
      {"Audit", {{"events", "[object]", "the newest last"}}},
      {"Reason", {{"reason", "string", "why; kept in the audit trail"}}},
      {"Reset",
       {{"type", "string", "pnl, psr, drawdown, …; empty: all"}, {"reason", "string"}, {"actor", "string"}},
       false},
      {"FaultOptions",
       {{"symbol", "string", "default: all"}, {"seconds", "number", "default: until it is ended"}},
       false},
  };
  return all;
}

std::string type_json(std::string_view type) {
  if (type.front() == '[') {
    const std::string_view item = type.substr(1, type.size() - 2);
    const bool plain = item == "string" || item == "object";
    return JsonObject{}
        .add("type", "array")
        .add_json("items", plain ? JsonObject{}.add("type", item).text()
                                 : JsonObject{}.add("$ref", "#/components/schemas/" + std::string{item}).text())
        .text();
  }
  const bool nullable = type.back() == '?';
  JsonObject text;
  text.add("type", nullable ? type.substr(0, type.size() - 1) : type);
  if (nullable) text.add("nullable", true);
  return text.text();
}

std::string described(const Member& member) {
  std::string type = type_json(member.type);
  if (member.description.empty()) return type;
  type.back() = ',';
  return type + "\"description\":" + json_string(member.description) + '}';
}

std::string schema_json(const Schema& schema) {
  JsonObject properties;
  for (const Member& member : schema.members) properties.add_json(member.name, described(member));
  JsonObject text;
  text.add("type", "object");
  if (schema.all_required) {
    text.add_json("required",
                  json_array(schema.members, [](const Member& member) { return json_string(member.name); }));
  }
  return text.add_json("properties", properties.text()).text();
}

}  // namespace

std::string api_schemas() {
  JsonObject all;
  for (const Schema& schema : schemas()) all.add_json(schema.name, schema_json(schema));
  return all.text();
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
