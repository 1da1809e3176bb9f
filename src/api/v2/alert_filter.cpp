// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/v2/alert_filter.hpp"

#include <algorithm>
#include <array>

#include "api/v2/v2_routes.hpp"
#include "config/alertmanager/label_matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

storage::MatchType compiled_type(config::LabelMatcherType type) {
  switch (type) {
    case config::LabelMatcherType::not_equal:
      return storage::MatchType::not_equal;
    case config::LabelMatcherType::regex:
      return storage::MatchType::regex;
    case config::LabelMatcherType::not_regex:
      return storage::MatchType::not_regex;
    case config::LabelMatcherType::equal:
      break;
  }
  return storage::MatchType::equal;
}

bool holds(const storage::Matcher& matcher, const rules::AlertLabels& labels) {
  const auto label = labels.find(matcher.name());
  const bool there = label != labels.end();
  const bool negative =
      matcher.type() == storage::MatchType::not_equal || matcher.type() == storage::MatchType::not_regex;
  if (matcher.value().empty() && there == negative) return true;
  return (there || negative) && matcher.matches(there ? std::string_view(label->second) : std::string_view());
}

/// go-openapi's reading: what is not plainly yes is no.
bool truth(const net::Request& request, std::string_view name) {
  constexpr std::array<std::string_view, 10> yes{"true", "1",        "yes",     "ok", "y",
                                                 "on",   "selected", "checked", "t",  "enabled"};
  std::string value = request.query_parameter(name).value_or("true");
  std::transform(value.begin(), value.end(), value.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return value.empty() || std::find(yes.begin(), yes.end(), value) != yes.end();
}

}  // namespace

Posted<LabelFilter> LabelFilter::of(const net::Request& request) {
  LabelFilter filter;
  for (const std::string& text : request.query_parameters("filter")) {
    const auto bad = [&text](const std::string& why) {
      return refusal(400, "bad matcher format: " + text + (why.empty() ? "" : ": " + why));
    };
    if (text.size() > max_text_bytes || filter.matchers_.size() >= max_filters)
      return bad("that is too long, or too much");
    const auto some = config::parse_label_matchers(text);
    if (!some) return bad(some.error().message);
    for (const config::LabelMatcher& matcher : *some) {
      auto compiled = storage::Matcher::make(compiled_type(matcher.type), matcher.name, matcher.value);
      if (!compiled) return bad(compiled.error().message);
      filter.matchers_.push_back(std::move(*compiled));
    }
  }
  return filter;
}

bool LabelFilter::matches(const rules::AlertLabels& labels) const {
  return std::all_of(matchers_.begin(), matchers_.end(),
                     [&](const storage::Matcher& one) { return holds(one, labels); });
}

bool LabelFilter::matches(const notify::Silence& silence) const {
  if (matchers_.empty()) return true;
  rules::AlertLabels labels;
  for (const config::LabelMatcher& matcher : silence.matchers) labels[matcher.name] = matcher.value;
  return matches(labels);
}

Posted<AlertFilter> AlertFilter::of(const net::Request& request) {
  AlertFilter filter;
  auto labels = LabelFilter::of(request);
  if (!labels) return labels.refused();
  filter.labels = std::move(*labels);
  filter.active = truth(request, "active");
  filter.silenced = truth(request, "silenced");
  filter.inhibited = truth(request, "inhibited");
  filter.muted = truth(request, "muted");
  const std::string receiver = request.query_parameter("receiver").value_or("");
  if (!receiver.empty()) {
    auto pattern = receiver.size() > max_text_bytes
                       ? Result<storage::Matcher>(Error{"it is too long"})
                       : storage::Matcher::make(storage::MatchType::regex, "receiver", receiver);
    if (!pattern) return refusal(400, "failed to parse receiver param: " + pattern.error().message);
    filter.receiver = std::move(*pattern);
  }
  return filter;
}

bool AlertFilter::wants(const notify::AlertView& view, std::int64_t now_ms) const {
  if (view.alert.resolved_at(now_ms)) return false;
  const notify::Suppression& why = view.suppression;
  if (!active && why.empty()) return false;
  if (!silenced && !why.silenced_by.empty()) return false;
  if (!inhibited && !why.inhibited_by.empty()) return false;
  if (!muted && !why.muted_by.empty()) return false;
  return labels.matches(view.alert.labels);
}

}  // namespace api
BELLWETHER_NAMESPACE_END
