// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/rules_answer.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

#include "api/iso_time.hpp"
#include "api/json_writer.hpp"
#include "api/parameters.hpp"
#include "storage/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

using rules::AlertState;
using rules::GroupState;
using rules::RuleState;

constexpr const char* never = "0001-01-01T00:00:00Z";

std::string time_text(std::int64_t milliseconds) {
  return milliseconds == 0 ? never : iso_time(milliseconds);
}

double seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

/// As Go prints %e with as many digits as needed: 1e+00.
std::string scientific(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
  return {text, end.ptr};
}

void append_alert(std::string& out, const AlertState& alert) {
  Object object(out);
  append_labels(object.key("labels"), alert.labels);
  append_labels(object.key("annotations"), alert.annotations);
  object.text("state", rules::name_of(alert.phase)).text("activeAt", iso_time(alert.active_ms));
  if (alert.keep_firing_since_ms != 0) object.text("keepFiringSince", iso_time(alert.keep_firing_since_ms));
  object.text("value", scientific(alert.value)).end();
}

void append_alerts(std::string& out, const RuleState& rule) {
  for (const AlertState& alert : rule.alerts) {
    if (out.back() != '[') out += ',';
    append_alert(out, alert);
  }
}

void append_rule(std::string& out, const RuleState& rule, bool with_alerts) {
  Object object(out);
  if (rule.alerting) object.text("state", rules::name_of(rule.phase()));
  object.text("name", rule.name).text("query", rule.query);
  if (rule.alerting) {
    object.number("duration", seconds(rule.hold)).number("keepFiringFor", seconds(rule.keep_firing));
    append_labels(object.key("labels"), rule.labels);
    append_labels(object.key("annotations"), rule.annotations);
    object.key("alerts") += '[';
    if (with_alerts) append_alerts(out, rule);
    out += ']';
  } else if (!rule.labels.empty()) {
    append_labels(object.key("labels"), rule.labels);
  }
  object.text("health", rules::name_of(rule.health));
  if (!rule.last_error.empty()) object.text("lastError", rule.last_error);
  object.number("evaluationTime", seconds(rule.evaluation_time))
      .text("lastEvaluation", time_text(rule.last_evaluation_ms))
      .text("type", rule.alerting ? "alerting" : "recording")
      .end();
}

bool among(const std::vector<std::string>& wanted, const std::string& name) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end();
}

struct Filter {
  bool alerting = true;
  bool recording = true;
  bool with_alerts = true;
  std::vector<std::string> names;
  std::vector<std::string> groups;
  std::vector<std::string> files;
  std::vector<std::vector<storage::Matcher>> selectors;
  std::size_t limit = 0;
  std::string token;

  bool takes(const RuleState& rule) const {
    if (!(rule.alerting ? alerting : recording) || !among(names, rule.name)) return false;
    const auto matches = [&](const storage::Matcher& matcher) {
      const auto label = rule.labels.find(matcher.name());
      return matcher.matches(label == rule.labels.end() ? std::string_view() : std::string_view(label->second));
    };
    return selectors.empty() || std::any_of(selectors.begin(), selectors.end(), [&](const auto& selector) {
             return std::all_of(selector.begin(), selector.end(), matches);
           });
  }
};

Result<bool> read_boolean(const Parameters& parameters, std::string_view name) {
  const std::string text = parameters.text(name).value_or("false");
  if (text == "1" || text == "t" || text == "T" || text == "true" || text == "TRUE" || text == "True") return true;
  if (text == "0" || text == "f" || text == "F" || text == "false" || text == "FALSE" || text == "False") return false;
  return Error{"invalid parameter \"" + std::string(name) + "\": \"" + text + "\" is neither true nor false"};
}

Result<Filter> read_filter(const net::Request& request) {
  const Parameters parameters(request);
  Filter filter;
  if (const auto type = parameters.text("type")) {
    if (*type != "alert" && *type != "record") {
      return Error{"invalid parameter \"type\": not supported value \"" + *type + "\": it is alert or record"};
    }
    filter.alerting = *type == "alert";
    filter.recording = !filter.alerting;
  }
  filter.names = parameters.all("rule_name[]");
  filter.groups = parameters.all("rule_group[]");
  filter.files = parameters.all("file[]");
  auto selectors = parameters.selectors(false);
  if (!selectors) return selectors.error();
  filter.selectors = std::move(*selectors);
  const Result<bool> exclude = read_boolean(parameters, "exclude_alerts");
  if (!exclude) return exclude.error();
  filter.with_alerts = !*exclude;
  const Result<std::size_t> limit = parameters.limit("group_limit");
  if (!limit) return limit.error();
  filter.limit = *limit;
  filter.token = parameters.text("group_next_token").value_or("");
  if (!filter.token.empty() && filter.limit == 0) {
    return Error{
        "invalid parameter \"group_limit\": group_limit needs to be present in order to paginate over the groups"};
  }
  return filter;
}

std::string token_of(const GroupState& group) {
  return rules::fingerprint_text({{"file", group.file}, {"group", group.name}});
}

/// False: none of its rules passes the filter.
bool append_group(std::string& out, const GroupState& group, const Filter& filter) {
  const std::size_t begin = out.size();
  if (out.back() != '[') out += ',';
  Object object(out);
  object.text("name", group.name).text("file", group.file);
  object.key("rules") += '[';
  for (const RuleState& rule : group.rules) {
    if (!filter.takes(rule)) continue;
    if (out.back() != '[') out += ',';
    append_rule(out, rule, filter.with_alerts);
  }
  const bool found = out.back() != '[';
  out += ']';
  object.number("interval", seconds(group.interval))
      .number("limit", group.limit)
      .number("evaluationTime", seconds(group.evaluation_time))
      .text("lastEvaluation", time_text(group.last_evaluation_ms))
      .end();
  if (!found) out.resize(begin);
  return found;
}

}  // namespace

Result<std::string> rules_answer(const std::vector<GroupState>& groups, const net::Request& request) {
  const Result<Filter> filter = read_filter(request);
  if (!filter) return filter.error();
  std::string data;
  std::string next;
  std::size_t written = 0;
  bool begun = filter->token.empty();
  Object object(data);
  object.key("groups") += '[';
  for (const GroupState& group : groups) {
    if (!begun) begun = token_of(group) == filter->token;
    if (!begun || !among(filter->groups, group.name) || !among(filter->files, group.file)) continue;
    if (filter->limit > 0 && written == filter->limit) {
      next = token_of(group);
      break;
    }
    if (append_group(data, group, *filter)) ++written;
  }
  if (!begun) return Error{"invalid parameter \"group_next_token\": were rule groups changed?"};
  data += ']';
  if (!next.empty()) object.text("groupNextToken", next);
  object.end();
  return data;
}

std::string alerts_answer(const std::vector<GroupState>& groups) {
  std::string data;
  Object object(data);
  object.key("alerts") += '[';
  for (const GroupState& group : groups) {
    for (const RuleState& rule : group.rules) append_alerts(data, rule);
  }
  data += ']';
  object.end();
  return data;
}

}  // namespace api
BELLWETHER_NAMESPACE_END
