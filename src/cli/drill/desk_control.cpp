// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/drill/desk_control.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

namespace json = boost::json;

namespace {

constexpr int conflict = 409;  // the desk's "it is so already"

std::string reason() {
  return R"({"reason":"bellwether drill"})";
}

}  // namespace

Result<std::string> DeskControl::ask(const std::string& method, const std::string& path, const std::string& body) {
  net::HttpRequest request;
  request.method = method;
  request.url = url_ + path;
  request.auth = net::BearerToken{token_};
  if (!body.empty()) request.headers = {{"Content-Type", "application/json"}};
  request.body = body;
  const net::HttpResult answer = http_.send(request);
  if (!answer) return Error{answer.error().message + "; is the desk running there? --desk names another"};
  if (answer->status == conflict) return std::string{};
  if (answer->status == 401) return Error{"the desk refuses the token; it printed one at its start (--token)"};
  if (!answer->is_success() && answer->status != 503) {
    return Error{fmt::format("{} {} of the desk: {} {}", method, path, answer->status, answer->body)};
  }
  return answer->body;
}

Result<void> DeskControl::tell(const std::string& method, const std::string& path, const std::string& body) {
  if (const auto answer = ask(method, path, body); !answer) return answer.error();
  return {};
}

Result<std::vector<std::string>> DeskControl::each(const std::string& path, const std::string& key,
                                                   const std::string& keep_key, const std::string& keep_value) {
  const auto answer = ask("GET", path);
  if (!answer) return answer.error();
  json::error_code wrong;
  const json::value list = json::parse(*answer, wrong);
  if (wrong || !list.is_array()) return Error{path + " of the desk is no list"};
  std::vector<std::string> values;
  const auto text = [](const json::object& object, const std::string& name) {
    const json::value* const value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string{value->as_string()} : std::string{};
  };
  for (const json::value& element : list.as_array()) {
    if (!element.is_object()) continue;
    if (!keep_key.empty() && text(element.as_object(), keep_key) != keep_value) continue;
    values.push_back(text(element.as_object(), key));
  }
  return values;
}

Result<void> DeskControl::start_engines() {
  const auto engines = each("/engines/status", "symbol");
  if (!engines) return engines.error();
  for (const std::string& symbol : *engines) {
    if (auto told = tell("POST", "/engines/" + symbol + "/start"); !told) return told;
  }
  return {};
}

Result<void> DeskControl::for_bots(const std::string& verb) {
  const auto bots = each("/api/v1/bots/", "bot_id");
  if (!bots) return bots.error();
  for (const std::string& bot : *bots) {
    if (auto told = tell("POST", fmt::format("/api/v1/bots/{}/{}", bot, verb)); !told) return told;
  }
  return {};
}

Result<void> DeskControl::begin(const DeskScenario& scenario) {
  switch (scenario.action) {
    case DeskAction::fault:
    case DeskAction::pacing:
      return tell("POST", "/faults/" + std::string{scenario.name}, "{}");
    case DeskAction::kill_switch:
      return tell("POST", "/api/v1/risk/kill-switches/trip", reason());
    case DeskAction::bots:
      return for_bots("stop");
    case DeskAction::crash: {
      const auto engines = each("/engines/status", "symbol");
      if (!engines) return engines.error();
      if (engines->empty()) return Error{"the desk has no engine"};
      return tell("POST", "/engines/" + engines->front() + "/crash");
    }
  }
  return {};
}

Result<void> DeskControl::end(const DeskScenario& scenario) {
  switch (scenario.action) {
    case DeskAction::fault:
      return tell("DELETE", "/faults/" + std::string{scenario.name});
    case DeskAction::pacing:
      return {};
    case DeskAction::kill_switch:
      return tell("POST", "/api/v1/risk/kill-switches/reset", reason());
    case DeskAction::bots:
      return for_bots("start");
    case DeskAction::crash:
      return start_engines();
  }
  return {};
}

Result<void> DeskControl::reset() {
  std::string troubles;
  const auto note = [&](const Result<void>& result) {
    if (!result) troubles += (troubles.empty() ? "" : "; ") + result.error().message;
  };
  const auto faults = each("/faults", "fault");
  if (!faults) return faults.error();
  for (const std::string& fault : *faults) note(tell("DELETE", "/faults/" + fault));
  note(tell("POST", "/api/v1/risk/kill-switches/reset", reason()));
  note(start_engines());
  if (!troubles.empty()) return Error{troubles};
  return {};
}

Result<std::string> DeskControl::status() {
  const auto health = ask("GET", "/health");
  if (!health) return health.error();
  const auto faults = each("/faults", "fault");
  if (!faults) return faults.error();
  std::string text;
  json::error_code wrong;
  const json::value answer = json::parse(*health, wrong);
  const json::value* const overall = !wrong && answer.is_object() ? answer.as_object().if_contains("status") : nullptr;
  text += fmt::format("desk {}: {}\n", url_,
                      overall != nullptr && overall->is_string() ? std::string{overall->as_string()} : "unknown");
  std::string on;
  for (const std::string& fault : *faults) on += " " + fault;
  return text + "faults that are on:" + (on.empty() ? " none" : on) + "\n";
}

Drill DeskControl::drill(const DeskScenario& scenario) {
  Drill drill;
  drill.name = scenario.name;
  drill.severity = scenario.severity;
  for (const std::string_view alert : scenario.alerts) drill.alerts.push_back({std::string{alert}});
  drill.uses = {"*"};  // faults touch each other: one at a time
  drill.begin = [this, &scenario] { return begin(scenario); };
  drill.end = [this, &scenario] { return end(scenario); };
  return drill;
}

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
