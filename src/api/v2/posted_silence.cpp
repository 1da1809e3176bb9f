// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/v2/posted_silence.hpp"

#include <boost/json.hpp>

#include "api/v2/alert_json.hpp"
#include "api/v2/json_body.hpp"
#include "api/v2/v2_routes.hpp"
#include "base/duration.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

namespace json = boost::json;

std::optional<bool> take_bool(const json::object& object, const char* name, bool otherwise) {
  if (!has_member(object, name)) return otherwise;
  const json::value& value = object.at(name);
  return value.is_bool() ? std::optional(value.get_bool()) : std::nullopt;
}

Posted<config::LabelMatcher> read_matcher(const json::value& value, std::size_t number) {
  const std::string place = "matchers." + std::to_string(number);
  if (!value.is_object()) return wrong_body("silence", place + " is no object");
  const json::object& object = value.get_object();
  for (const char* member : {"isRegex", "name", "value"}) {
    if (!has_member(object, member)) return missing(place + '.' + member);
  }
  const auto regex = take_bool(object, "isRegex", false);
  const auto equal = take_bool(object, "isEqual", true);
  config::LabelMatcher matcher;
  if (!regex || !equal || !take_text(object, "name", matcher.name) || !take_text(object, "value", matcher.value)) {
    return wrong_body("silence", place + " has a member of another type");
  }
  if (matcher.name.size() > max_text_bytes || matcher.value.size() > max_text_bytes) {
    return refusal(400, "silence invalid: " + place + " is longer than " + std::to_string(max_text_bytes) + " bytes");
  }
  using Type = config::LabelMatcherType;
  matcher.type = *regex ? (*equal ? Type::regex : Type::not_regex) : (*equal ? Type::equal : Type::not_equal);
  return matcher;
}

/// A time that must be there; the answer where it is not.
std::optional<net::Response> read_time(const json::object& object, const char* member, std::int64_t& out) {
  std::string text;
  if (!has_member(object, member)) return missing(member);
  if (!take_text(object, member, text)) return wrong_body("silence", std::string(member) + " is no text");
  const auto time = parse_alert_time(text);
  if (!time) return wrong_body("silence", "parsing time \"" + text + "\": it is not of the form 2006-01-02T15:04:05Z");
  out = *time;
  return std::nullopt;
}

}  // namespace

Posted<notify::Silence> read_posted_silence(std::string_view body, std::int64_t now_ms) {
  auto parsed = parse_body(body, "silence");
  if (!parsed) return parsed.refused();
  if (!parsed->is_object()) return wrong_body("silence", "it is no object");
  const json::object& object = parsed->get_object();
  notify::Silence silence;
  if (!take_text(object, "id", silence.id) || !take_text(object, "comment", silence.comment) ||
      !take_text(object, "createdBy", silence.created_by)) {
    return wrong_body("silence", "id, comment and createdBy must be texts");
  }
  for (const char* member : {"comment", "createdBy"}) {
    if (!has_member(object, member)) return missing(member);
  }
  if (auto refused = read_time(object, "endsAt", silence.ends_ms)) return std::move(*refused);
  if (!has_member(object, "matchers")) return missing("matchers");
  if (!object.at("matchers").is_array()) return wrong_body("silence", "matchers is no list");
  const json::array& matchers = object.at("matchers").get_array();
  constexpr int too_few_items = 612;  // go-openapi's
  if (matchers.empty()) return refusal(422, too_few_items, "matchers in body should have at least 1 items");
  if (matchers.size() > max_matchers) {
    return refusal(400, "silence invalid: more than " + std::to_string(max_matchers) + " matchers");
  }
  for (std::size_t i = 0; i < matchers.size(); ++i) {
    auto matcher = read_matcher(matchers[i], i);
    if (!matcher) return matcher.refused();
    silence.matchers.push_back(std::move(*matcher));
  }
  if (auto refused = read_time(object, "startsAt", silence.starts_ms)) return std::move(*refused);
  if (silence.comment.size() > max_text_bytes || silence.created_by.size() > max_text_bytes) {
    return refusal(400, "silence invalid: a text is longer than " + std::to_string(max_text_bytes) + " bytes");
  }
  if (silence.starts_ms >= silence.ends_ms) {
    return refusal(400, "Failed to create silence: start time must be before end time");
  }
  if (silence.ends_ms <= now_ms) return refusal(400, "Failed to create silence: end time can't be in the past");
  return silence;
}

Posted<PostedAcknowledgement> read_acknowledgement(std::string_view body) {
  const std::string what = "acknowledgement";
  auto parsed = parse_body(body, what);
  if (!parsed) return parsed.refused();
  if (!parsed->is_object()) return wrong_body(what, "it is no object");
  const json::object& object = parsed->get_object();
  PostedAcknowledgement out;
  std::string duration;
  if (!take_text(object, "by", out.by) || !take_text(object, "comment", out.comment) ||
      !take_text(object, "duration", duration)) {
    return wrong_body(what, "by, comment and duration must be texts");
  }
  if (out.by.empty()) return missing("by");
  if (out.by.size() > max_text_bytes || out.comment.size() > max_text_bytes) {
    return refusal(400, "a text is longer than " + std::to_string(max_text_bytes) + " bytes");
  }
  if (!duration.empty()) {
    const auto time = parse_duration(duration);
    if (!time || time->count() == 0) return refusal(400, "duration \"" + duration + "\" is none above 0, as 30m or 2h");
    out.duration = *time;
  }
  std::vector<config::LabelMatcher> matchers;
  for (const char* member : {"fingerprints", "matchers"}) {
    if (!has_member(object, member)) continue;
    const json::value& list = object.at(member);
    if (!list.is_array() || list.get_array().size() > max_posted_alerts)
      return wrong_body(what, std::string(member) + " is no list of texts");
    for (const json::value& item : list.get_array()) {
      if (!item.is_string()) return wrong_body(what, std::string(member) + " is no list of texts");
      const std::string text(item.get_string().data(), item.get_string().size());
      if (member[0] == 'f') {
        out.fingerprints.push_back(text);
        continue;
      }
      auto some = config::parse_label_matchers(text);
      if (!some) return refusal(400, some.error().message);
      matchers.insert(matchers.end(), some->begin(), some->end());
    }
  }
  if (matchers.size() > max_matchers) return refusal(400, "more than " + std::to_string(max_matchers) + " matchers");
  if (!matchers.empty()) {
    auto compiled = notify::LabelMatchers::make(std::move(matchers));
    if (!compiled) return refusal(400, compiled.error().message);
    out.matchers = std::move(*compiled);
  }
  if (!out.matchers && out.fingerprints.empty()) return missing("fingerprints or matchers");
  return out;
}

}  // namespace api
BELLWETHER_NAMESPACE_END
