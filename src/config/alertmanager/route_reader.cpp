// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "config/alertmanager/readers.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

// The old match and match_re: a mapping from label to value or expression.
void read_match(SectionReader& section, std::string_view key, LabelMatcherType type, std::vector<LabelMatcher>& into) {
  section.each_entry(key, [&](const YamlNode& item) {
    if (!is_label_name(item.key(), NameValidation::legacy)) {
      section.context().wrong_key(
          item, "\"" + item.key() + "\" is not a label name that " + std::string(key) + " takes: use matchers for it");
      return;
    }
    if (!item.is_null() && item.kind() != YamlNode::Kind::Scalar) {
      section.context().wrong(item, std::string(key) + " takes texts only, as in `name: value`");
      return;
    }
    const bool regex = type == LabelMatcherType::regex;
    if (Result<void> checked = check_label_matcher({type, item.key(), item.text()}); !checked) {
      section.context().wrong(item, checked.error().message);
      return;
    }
    // As Alertmanager keeps it, so that the keys of groups are the same.
    into.push_back({type, item.key(), regex ? "^(?:" + item.text() + ")$" : item.text()});
  });
}

// The keys stay known to the section: literals.
struct MatcherKeys {
  std::string_view match;
  std::string_view match_re;
  std::string_view matchers;
};

void read_all_matchers(SectionReader& section, const MatcherKeys& keys, std::vector<LabelMatcher>& into) {
  read_match(section, keys.match, LabelMatcherType::equal, into);
  read_match(section, keys.match_re, LabelMatcherType::regex, into);
  read_matchers(section, keys.matchers, into);
  std::sort(into.begin(), into.end());
}

void read_group_by(SectionReader& section, RouteConfig& route) {
  std::vector<std::string> names;
  if (!section.texts("group_by", names)) return;
  route.group_by_all = std::find(names.begin(), names.end(), "...") != names.end();
  if (route.group_by_all && names.size() > 1) {
    section.wrong("group_by", "'...' groups by all labels: remove the others, or '...'");
  }
  if (!route.group_by_all) {
    check_label_names(section, "group_by", names);
    route.group_by = std::move(names);
  }
}

void read_optional_duration(SectionReader& section, std::string_view key, bool zero,
                            std::optional<std::chrono::milliseconds>& into) {
  std::chrono::milliseconds value{0};
  if (zero ? section.duration(key, value) : read_positive(section, key, value)) into = value;
}

}  // namespace

RouteConfig read_route(const YamlNode& node, ReadContext& context, const Names& receivers, const Names& intervals) {
  SectionReader section(node, "route", context);
  RouteConfig route;
  if (section.text("receiver", route.receiver) && !route.receiver.empty()) {
    check_known(section, "receiver", "receiver", route.receiver, receivers);
  }
  read_group_by(section, route);
  read_all_matchers(section, {"match", "match_re", "matchers"}, route.matchers);
  section.boolean("continue", route.continues);
  read_optional_duration(section, "group_wait", true, route.group_wait);
  read_optional_duration(section, "group_interval", false, route.group_interval);
  read_optional_duration(section, "repeat_interval", false, route.repeat_interval);
  for (auto& [key, names] : {std::pair("mute_time_intervals", &route.mute_time_intervals),
                             std::pair("active_time_intervals", &route.active_time_intervals)}) {
    section.texts(key, *names);
    for (const std::string& name : *names) check_known(section, key, "time interval", name, intervals);
  }
  section.each("routes",
               [&](const YamlNode& item) { route.routes.push_back(read_route(item, context, receivers, intervals)); });
  section.finish();
  return route;
}

void check_root_route(const YamlNode& node, ReadContext& context, const RouteConfig& root) {
  SectionReader section(node, "route", context);
  if (root.receiver.empty()) section.wrong("receiver", "the root route needs a receiver: add `receiver: ...`");
  for (const std::string_view key : {"match", "match_re", "matchers"}) {
    const YamlNode* const found = section.find(key);
    if (found != nullptr && !found->items().empty()) {
      section.wrong(key, "the root route takes all alerts: move its " + std::string(key) + " to a route below");
    }
  }
  if (!root.mute_time_intervals.empty()) {
    section.wrong("mute_time_intervals", "the root route is never muted: move them to the routes below");
  }
  if (!root.active_time_intervals.empty()) {
    section.wrong("active_time_intervals", "the root route is always active: move them to the routes below");
  }
  if (root.continues) section.wrong("continue", "nothing comes after the root route: remove continue");
}

InhibitRule read_inhibit_rule(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "inhibit_rules", context);
  InhibitRule rule;
  section.text("name", rule.name);
  read_all_matchers(section, {"source_match", "source_match_re", "source_matchers"}, rule.source_matchers);
  read_all_matchers(section, {"target_match", "target_match_re", "target_matchers"}, rule.target_matchers);
  section.texts("equal", rule.equal);
  for (const std::string& name : rule.equal) {
    if (!is_label_name(name, NameValidation::utf8)) {
      section.wrong("equal", "a name in equal is empty or no UTF-8: correct it");
    }
  }
  section.finish();
  return rule;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
