// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/alert_tables.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/json.hpp>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

namespace json = boost::json;
using Row = std::vector<std::string>;

std::string clean(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

std::string text_at(const json::object& object, const char* name) {
  const auto* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? clean(std::string(value->get_string())) : std::string();
}

const json::object& object_at(const json::object& object, const char* name) {
  static const json::object none;
  const auto* const value = object.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : none;
}

/// To the second.
std::string time_at(const json::object& object, const char* name) {
  std::string text = text_at(object, name);
  const std::size_t point = text.find('.');
  const std::size_t zone = text.find_last_of("Z+-");
  if (point != std::string::npos && zone != std::string::npos && zone > point) text.erase(point, zone - point);
  return text;
}

std::string layout(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

Result<json::array> parse_list(std::string_view text) {
  json::error_code error;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_array()) return Error{"the answer is no list; is this a monitor or an Alertmanager?"};
  return value.get_array();
}

std::string matchers_of(const json::object& silence) {
  std::string out;
  const auto* const matchers = silence.if_contains("matchers");
  if (matchers == nullptr || !matchers->is_array()) return out;
  for (const json::value& one : matchers->get_array()) {
    if (!one.is_object()) continue;
    const json::object& matcher = one.get_object();
    const auto is = [&](const char* name, bool otherwise) {
      const auto* const value = matcher.if_contains(name);
      return value != nullptr && value->is_bool() ? value->get_bool() : otherwise;
    };
    const bool equal = is("isEqual", true);
    const char* const sign = is("isRegex", false) ? (equal ? "=~" : "!~") : (equal ? "=" : "!=");
    out += (out.empty() ? "" : " ") + text_at(matcher, "name") + sign + '"' + text_at(matcher, "value") + '"';
  }
  return out;
}

std::string state_of(const json::object& alert) {
  const json::object& status = object_at(alert, "status");
  std::string state = text_at(status, "state");
  for (const auto& [member, why] :
       {std::pair("silencedBy", "silenced"), std::pair("inhibitedBy", "inhibited"), std::pair("mutedBy", "muted")}) {
    const auto* const list = status.if_contains(member);
    if (list != nullptr && list->is_array() && !list->get_array().empty()) state = why;
  }
  const std::string by = text_at(status, "acknowledgedBy");
  return by.empty() ? state : state + ", acknowledged by " + by;
}

}  // namespace

Result<std::string> silence_table(std::string_view text, bool expired) {
  const auto list = parse_list(text);
  if (!list) return list.error();
  std::vector<Row> rows{{"ID", "STATE", "ENDS", "MATCHERS", "BY", "COMMENT"}};
  for (const json::value& one : *list) {
    if (!one.is_object()) continue;
    const json::object& silence = one.get_object();
    const std::string state = text_at(object_at(silence, "status"), "state");
    if (state == "expired" && !expired) continue;
    rows.push_back({text_at(silence, "id"), state, time_at(silence, "endsAt"), matchers_of(silence),
                    text_at(silence, "createdBy"), text_at(silence, "comment")});
  }
  return rows.size() == 1 ? std::string("no silences\n") : layout(rows);
}

Result<std::string> alert_table(std::string_view text) {
  const auto list = parse_list(text);
  if (!list) return list.error();
  std::vector<Row> rows{{"ALERT", "SINCE", "STATE", "FINGERPRINT", "LABELS", "SUMMARY"}};
  for (const json::value& one : *list) {
    if (!one.is_object()) continue;
    const json::object& alert = one.get_object();
    const json::object& labels = object_at(alert, "labels");
    std::string rest;
    for (const auto& label : labels) {
      const std::string name = clean(std::string(label.key()));
      if (name == "alertname" || !label.value().is_string()) continue;
      rest += (rest.empty() ? "" : " ") + name + "=\"" + clean(std::string(label.value().get_string())) + '"';
    }
    rows.push_back({text_at(labels, "alertname"), time_at(alert, "startsAt"), state_of(alert),
                    text_at(alert, "fingerprint"), rest, text_at(object_at(alert, "annotations"), "summary")});
  }
  return rows.size() == 1 ? std::string("no alerts\n") : layout(rows);
}

namespace {

Result<std::string> silence_text(std::string_view text, const char* member) {
  json::error_code error;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  std::string found = error || !value.is_object() ? std::string() : text_at(value.get_object(), member);
  if (found.empty()) return Error{"the answer names no silence; is this a monitor or an Alertmanager?"};
  return found;
}

}  // namespace

Result<std::string> silence_id(std::string_view text) {
  return silence_text(text, "silenceID");
}

Result<std::string> silence_start(std::string_view text) {
  return silence_text(text, "startsAt");
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
