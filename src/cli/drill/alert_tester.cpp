// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/drill/alert_tester.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <istream>
#include <ostream>

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

namespace json = boost::json;

namespace {

/// A gigabyte of memory is not taken without being named.
bool is_for_everyday(const DeskScenario& scenario) {
  return scenario.name != "leak";
}

std::string text_of(const json::object& object, const char* name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->as_string()} : std::string{};
}

/// A line an alert of /api/v1/alerts.
Result<std::string> alerts_of(const std::string& body) {
  json::error_code wrong;
  const json::value answer = json::parse(body, wrong);
  const json::value* const data = !wrong && answer.is_object() ? answer.as_object().if_contains("data") : nullptr;
  const json::value* const alerts =
      data != nullptr && data->is_object() ? data->as_object().if_contains("alerts") : nullptr;
  if (alerts == nullptr || !alerts->is_array()) return Error{"the monitor's list of alerts cannot be read"};
  std::string text;
  for (const json::value& alert : alerts->as_array()) {
    const json::value* const labels = alert.is_object() ? alert.as_object().if_contains("labels") : nullptr;
    if (labels == nullptr || !labels->is_object()) continue;
    text += fmt::format("  {:<8} {:<8} {}\n", text_of(alert.as_object(), "state"),
                        text_of(labels->as_object(), "severity"), text_of(labels->as_object(), "alertname"));
  }
  return text.empty() ? std::string{"  none\n"} : text;
}

}  // namespace

Result<std::string> AlertTester::status() {
  const auto desk = desk_.status();
  if (!desk) return desk.error();
  net::HttpRequest request;
  request.url = monitor_ + "/api/v1/alerts";
  const net::HttpResult answer = http_.send(request);
  if (!answer) return Error{answer.error().message + "; is the monitor running there? --monitor names another"};
  const auto alerts = alerts_of(answer->body);
  if (!alerts) return alerts.error();
  return *desk + "alerts at " + monitor_ + ":\n" + *alerts;
}

Result<std::string> AlertTester::raise(const std::string& severity) {
  std::string text;
  for (const DeskScenario& scenario : desk_scenarios()) {
    if (scenario.severity != severity || !is_for_everyday(scenario)) continue;
    if (const auto begun = desk_.begin(scenario); !begun) return begun.error();
    text += fmt::format("  {:<17} {}\n", scenario.name, scenario.what);
    for (const std::string_view alert : scenario.alerts) text += fmt::format("  {:<17}   must raise {}\n", "", alert);
  }
  return "switched on:\n" + text + "`bellwether drill reset` ends it all\n";
}

Result<std::string> AlertTester::reset() {
  if (const auto done = desk_.reset(); !done) return done.error();
  return std::string{"all faults are off, latches lifted, engines running\n"};
}

void AlertTester::menu(std::istream& in, std::ostream& out) {
  std::string line;
  while (true) {
    out << "\n1. Check system status\n2. Test CRITICAL alerts\n3. Test WARNING alerts\n4. Reset all to normal\n0. "
           "End\n> "
        << std::flush;
    if (!std::getline(in, line) || line == "0") break;
    Result<std::string> done{Error{"there is no '" + line + "'"}};
    if (line == "1") done = status();
    if (line == "2") done = raise("critical");
    if (line == "3") done = raise("warning");
    if (line == "4") done = reset();
    out << (done ? *done : "error: " + done.error().message + '\n');
  }
}

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
