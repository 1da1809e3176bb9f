// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/v2/alert_json.hpp"

#include <utility>

#include "api/iso_time.hpp"
#include "api/json_writer.hpp"
#include "api/parameters.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

void append_receiver(std::string& out, const std::string& name) {
  Object object(out);
  object.text("name", name).end();
}

void append_status(std::string& out, const notify::AlertView& view) {
  Object status(out);
  append_texts(status.key("inhibitedBy"), view.suppression.inhibited_by);
  append_texts(status.key("mutedBy"), view.suppression.muted_by);
  append_texts(status.key("silencedBy"), view.suppression.silenced_by);
  status.text("state", view.suppression.empty() ? "active" : "suppressed");
  if (view.acknowledgement) status.text("acknowledgedBy", view.acknowledgement->by);
  status.end();
}

void append_matcher(std::string& out, const config::LabelMatcher& matcher) {
  using Type = config::LabelMatcherType;
  Object object(out);
  object.boolean("isEqual", matcher.type == Type::equal || matcher.type == Type::regex)
      .boolean("isRegex", matcher.type == Type::regex || matcher.type == Type::not_regex)
      .text("name", matcher.name)
      .text("value", matcher.value)
      .end();
}

template <typename Items, typename Append>
void append_list(std::string& out, const Items& items, Append append) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!std::exchange(first, false)) out += ',';
    append(out, item);
  }
  out += ']';
}

}  // namespace

void append_alert(std::string& out, const notify::AlertView& view) {
  const rules::Alert& alert = view.alert;
  Object object(out);
  append_labels(object.key("annotations"), alert.annotations);
  object.text("endsAt", alert_time(alert.ends_ms)).text("fingerprint", view.fingerprint);
  append_list(object.key("receivers"), view.receivers, append_receiver);
  object.text("startsAt", alert_time(alert.starts_ms));
  append_status(object.key("status"), view);
  object.text("updatedAt", alert_time(alert.updated_ms));
  if (!alert.generator_url.empty()) object.text("generatorURL", alert.generator_url);
  append_labels(object.key("labels"), alert.labels);
  object.end();
}

void append_group(std::string& out, const notify::GroupView& group) {
  Object object(out);
  append_list(object.key("alerts"), group.alerts, append_alert);
  append_labels(object.key("labels"), group.labels);
  append_receiver(object.key("receiver"), group.receiver);
  object.end();
}

void append_silence(std::string& out, const notify::Silence& silence, std::int64_t now_ms) {
  Object object(out);
  object.text("id", silence.id);
  Object status(object.key("status"));
  status.text("state", notify::name_of(silence.state_at(now_ms))).end();
  object.text("updatedAt", alert_time(silence.updated_ms))
      .text("comment", silence.comment)
      .text("createdBy", silence.created_by)
      .text("endsAt", alert_time(silence.ends_ms));
  append_list(object.key("matchers"), silence.matchers, append_matcher);
  object.text("startsAt", alert_time(silence.starts_ms)).end();
}

std::string alert_time(std::int64_t milliseconds) {
  return milliseconds == 0 ? "0001-01-01T00:00:00.000Z" : iso_time(milliseconds);
}

std::optional<std::int64_t> parse_alert_time(std::string_view text) {
  constexpr std::size_t shortest = std::string_view("2026-11-21T10:00:00Z").size();
  if (text.size() < shortest || text[4] != '-') return std::nullopt;  // parse_time takes plain seconds too
  const auto time = parse_time(text);
  if (!time) return std::nullopt;
  return *time < 0 ? 0 : *time;  // nobody's alert began before 1970: such a time means that there is none
}

}  // namespace api
BELLWETHER_NAMESPACE_END
