// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/alert_requests.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "api/iso_time.hpp"
#include "api/parameters.hpp"
#include "base/duration.hpp"
#include "config/alertmanager/label_matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

namespace json = boost::json;

json::string_view view(std::string_view text) {
  return {text.data(), text.size()};
}

json::array array_of(const std::vector<std::string>& texts) {
  json::array out;
  for (const std::string& text : texts) out.emplace_back(view(text));
  return out;
}

bool is_plain_name(const std::string& text) {
  return text.find_first_of("=!~{},\"") == std::string::npos;
}

bool is_fingerprint(const std::string& text) {
  constexpr std::size_t digits = 16;
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// name=value, in which a first one may be the alert's name alone.
Result<json::object> texts_of(const std::vector<std::string>& given, bool names_alert, const char* what) {
  json::object out;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::size_t equals = given[i].find('=');
    if (equals == std::string::npos && i == 0 && names_alert) {
      out["alertname"] = view(given[i]);
      continue;
    }
    if (equals == std::string::npos || equals == 0) {
      return Error{"\"" + given[i] + "\" is no " + what + ": name=value is wanted"};
    }
    std::string_view value = std::string_view(given[i]).substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    out[view(std::string_view(given[i]).substr(0, equals))] = view(value);
  }
  return out;
}

}  // namespace

Result<std::int64_t> parse_moment(const std::string& text, std::int64_t now_ms) {
  std::string_view rest = text;
  if (rest.starts_with("now")) rest.remove_prefix(3);
  if (rest.empty()) return now_ms;
  if (rest.front() == '-' || rest.front() == '+') {
    const auto shift = parse_duration(rest.substr(1));
    if (shift) return rest.front() == '-' ? now_ms - shift->count() : now_ms + shift->count();
  }
  if (const auto time = api::parse_time(text)) return *time;
  return Error{"\"" + text + "\" is no time: now, +2h, -5m, 2026-11-21T12:00:00Z or seconds since 1970 are"};
}

Result<std::vector<std::string>> parse_matchers(const std::vector<std::string>& given) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (i == 0 && !given[i].empty() && is_plain_name(given[i])) {
      out.push_back(config::to_string(config::LabelMatcher{config::LabelMatcherType::equal, "alertname", given[i]}));
      continue;
    }
    const auto matchers = config::parse_label_matchers(given[i]);
    if (!matchers) return matchers.error();
    for (const config::LabelMatcher& matcher : *matchers) out.push_back(config::to_string(matcher));
  }
  return out;
}

Result<std::vector<net::Field>> filter_parameters(const std::vector<std::string>& given) {
  const auto matchers = parse_matchers(given);
  if (!matchers) return matchers.error();
  std::vector<net::Field> out;
  for (const std::string& matcher : *matchers) out.emplace_back("filter", matcher);
  return out;
}

Result<std::string> silence_json(const SilenceWish& wish, std::int64_t now_ms) {
  const auto texts = parse_matchers(wish.matchers);
  if (!texts) return texts.error();
  if (texts->empty()) return Error{"which alerts? Give matchers, as KillSwitchTripped or venue=~\"ibkr|cme\""};
  if (wish.comment.empty()) return Error{"--comment is wanted: others must know why nobody is told"};
  const auto start = parse_moment(wish.start, now_ms);
  if (!start) return start.error();
  // One that is changed keeps its start, else it would end and another begin.
  const std::int64_t begin = wish.id.empty() ? std::max(*start, now_ms) : *start;
  Result<std::int64_t> end = begin;
  if (!wish.end.empty()) {
    end = parse_moment(wish.end, now_ms);
    if (!end) return end.error();
  } else {
    const auto duration = parse_duration(wish.duration);
    if (!duration) return Error{"--duration: " + duration.error().message};
    end = std::max(begin, now_ms) + duration->count();
  }
  if (*end <= begin) return Error{"the silence would end before it begins"};
  json::array matchers;
  for (const std::string& text : *texts) {
    const auto parsed = config::parse_label_matchers(text);
    if (!parsed) return parsed.error();
    for (const config::LabelMatcher& matcher : *parsed) {
      using Type = config::LabelMatcherType;
      matchers.push_back({{"name", view(matcher.name)},
                          {"value", view(matcher.value)},
                          {"isRegex", matcher.type == Type::regex || matcher.type == Type::not_regex},
                          {"isEqual", matcher.type == Type::equal || matcher.type == Type::regex}});
    }
  }
  json::object out{{"matchers", std::move(matchers)},
                   {"startsAt", view(api::iso_time(begin))},
                   {"endsAt", view(api::iso_time(*end))},
                   {"createdBy", view(wish.author)},
                   {"comment", view(wish.comment)}};
  if (!wish.id.empty()) out["id"] = view(wish.id);
  return json::serialize(out);
}

Result<std::string> alert_json(const AlertWish& wish, std::int64_t now_ms) {
  auto labels = texts_of(wish.labels, true, "label");
  if (!labels) return labels.error();
  if (labels->empty()) return Error{"which alert? Give its name and labels, as KillSwitchTripped severity=critical"};
  auto annotations = texts_of(wish.annotations, false, "annotation");
  if (!annotations) return annotations.error();
  const auto start = parse_moment(wish.start, now_ms);
  if (!start) return start.error();
  json::object alert{{"labels", std::move(*labels)},
                     {"annotations", std::move(*annotations)},
                     {"startsAt", view(api::iso_time(*start))}};
  if (!wish.end.empty()) {
    const auto end = parse_moment(wish.end, now_ms);
    if (!end) return end.error();
    alert["endsAt"] = view(api::iso_time(*end));
  }
  if (!wish.generator_url.empty()) alert["generatorURL"] = view(wish.generator_url);
  return json::serialize(json::array{std::move(alert)});
}

Result<std::string> acknowledge_json(const AcknowledgeWish& wish) {
  if (wish.alerts.empty())
    return Error{"which alerts? Give fingerprints or matchers; `bellwether alert query` lists them"};
  if (wish.by.empty()) return Error{"--by is wanted: others want to know who takes care"};
  std::vector<std::string> fingerprints;
  std::vector<std::string> others;
  for (const std::string& one : wish.alerts) (is_fingerprint(one) ? fingerprints : others).push_back(one);
  const auto matchers = parse_matchers(others);
  if (!matchers) return matchers.error();
  json::object out{{"fingerprints", array_of(fingerprints)},
                   {"matchers", array_of(*matchers)},
                   {"by", view(wish.by)},
                   {"comment", view(wish.comment)}};
  if (!wish.duration.empty()) out["duration"] = view(wish.duration);
  return json::serialize(out);
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
