// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/v2/posted_alerts.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "api/v2/alert_json.hpp"
#include "api/v2/json_body.hpp"
#include "api/v2/v2_routes.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

namespace json = boost::json;

/// Labels or annotations. Empty where all is good.
std::string read_texts(const json::object& alert, const char* member, rules::AlertLabels& out) {
  if (!has_member(alert, member)) return {};
  const json::value& value = alert.at(member);
  if (!value.is_object()) return std::string(member) + " is no object";
  for (const auto& pair : value.get_object()) {
    if (!pair.value().is_string()) return std::string("a value of ") + member + " is no text";
    const json::string& text = pair.value().get_string();
    out.insert_or_assign(std::string(pair.key().data(), pair.key().size()), std::string(text.data(), text.size()));
  }
  return {};
}

std::string read_time(const json::object& alert, const char* member, std::int64_t& out) {
  std::string text;
  if (!take_text(alert, member, text)) return std::string(member) + " is no text";
  if (text.empty()) return {};
  const auto time = parse_alert_time(text);
  if (!time) return "parsing time \"" + text + "\": it is not of the form 2006-01-02T15:04:05Z";
  out = *time;
  return {};
}

bool is_link(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://") || url.starts_with('/');
}

bool is_uri(std::string_view url) {
  return url.find_first_of(" \t\r\n<>\"") == std::string_view::npos &&
         (url.find(':') != std::string_view::npos || is_link(url));
}

/// What Alertmanager's own check says; empty where it says nothing.
std::string fault_of(const rules::Alert& alert) {
  if (alert.labels.empty()) return "at least one label pair required";
  if (alert.ends_ms < alert.starts_ms) return "start time must be before end time";
  if (alert.labels.size() > max_labels || alert.annotations.size() > max_labels) {
    return "more than " + std::to_string(max_labels) + " labels or annotations";
  }
  for (const rules::AlertLabels* texts : {&alert.labels, &alert.annotations}) {
    for (const auto& [name, value] : *texts) {
      if (name.empty()) return "invalid label set: invalid name \"\"";
      if (name.size() > max_text_bytes || value.size() > max_text_bytes) {
        return "a label or annotation is longer than " + std::to_string(max_text_bytes) +
               " bytes: " + name.substr(0, 64);
      }
    }
  }
  return {};
}

void complete(rules::Alert& alert, std::int64_t now_ms, std::chrono::milliseconds resolve_timeout) {
  alert.updated_ms = now_ms;
  if (alert.starts_ms == 0) alert.starts_ms = alert.ends_ms == 0 ? now_ms : std::min(now_ms, alert.ends_ms);
  if (alert.ends_ms == 0) alert.ends_ms = std::max(alert.starts_ms, now_ms + resolve_timeout.count());
  std::erase_if(alert.labels, [](const auto& label) { return label.second.empty(); });
  if (!is_link(alert.generator_url)) alert.generator_url.clear();
}

}  // namespace

Posted<PostedAlerts> read_posted_alerts(std::string_view body, std::int64_t now_ms,
                                        std::chrono::milliseconds resolve_timeout) {
  auto parsed = parse_body(body, "alerts");
  if (!parsed) return parsed.refused();
  if (!parsed->is_array()) return wrong_body("alerts", "it is no list of alerts");
  const json::array& list = parsed->get_array();
  if (list.size() > max_posted_alerts) {
    return refusal(413, 413, "more than " + std::to_string(max_posted_alerts) + " alerts; send fewer at a time");
  }
  PostedAlerts out;
  out.alerts.reserve(list.size());
  std::size_t number = 0;
  for (const json::value& item : list) {
    const std::string place = std::to_string(number++);
    if (!item.is_object()) return wrong_body("alerts", "alert " + place + " is no object");
    const json::object& object = item.get_object();
    if (!has_member(object, "labels")) return missing(place + ".labels");
    rules::Alert alert;
    std::string fault = read_texts(object, "labels", alert.labels);
    if (fault.empty()) fault = read_texts(object, "annotations", alert.annotations);
    if (fault.empty()) fault = read_time(object, "startsAt", alert.starts_ms);
    if (fault.empty()) fault = read_time(object, "endsAt", alert.ends_ms);
    if (fault.empty() && !take_text(object, "generatorURL", alert.generator_url)) fault = "generatorURL is no text";
    if (!fault.empty()) {
      std::string why = "alert ";
      why.append(place).append(": ").append(fault);
      return wrong_body("alerts", why);
    }
    if (!alert.generator_url.empty() && !is_uri(alert.generator_url)) {
      constexpr int invalid_type = 601;
      return refusal(422, invalid_type,
                     place + ".generatorURL in body must be of type uri: \"" + alert.generator_url + '"');
    }
    complete(alert, now_ms, resolve_timeout);
    fault = fault_of(alert);
    if (fault.empty()) {
      out.alerts.push_back(std::move(alert));
    } else {
      out.faults += (out.faults.empty() ? "" : "; ") + fault;
    }
  }
  return out;
}

}  // namespace api
BELLWETHER_NAMESPACE_END
