// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/route_tree.hpp"

#include <algorithm>
#include <map>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

// What a route says itself, over what it takes from its parent.
Result<void> fill(const config::RouteConfig& config, Route& route) {
  if (!config.receiver.empty()) route.receiver = config.receiver;
  if (config.group_by) {
    route.group_by = *config.group_by;
    std::sort(route.group_by.begin(), route.group_by.end());
  }
  if (config.group_by || config.group_by_all) route.group_by_all = config.group_by_all;
  route.group_wait = config.group_wait.value_or(route.group_wait);
  route.group_interval = config.group_interval.value_or(route.group_interval);
  route.repeat_interval = config.repeat_interval.value_or(route.repeat_interval);
  route.mute_time_intervals = config.mute_time_intervals;
  route.active_time_intervals = config.active_time_intervals;
  route.continues = config.continues;
  Result<LabelMatchers> matchers = LabelMatchers::make(config.matchers);
  if (!matchers) return matchers.error();
  route.matchers = std::move(*matchers);
  return {};
}

Result<Route> build_route(const config::RouteConfig& config, Route route) {
  if (Result<void> filled = fill(config, route); !filled) return filled.error();
  const Route base = route;  // before it has children: what each of them begins with
  std::map<std::string, int> siblings;
  for (const config::RouteConfig& child_config : config.routes) {
    Route child = base;
    const std::string matchers = "/" + config::to_string(child_config.matchers);
    const int number = ++siblings[matchers];
    child.key += matchers;
    child.id += matchers + (number == 1 ? "" : "#" + std::to_string(number));
    Result<Route> built = build_route(child_config, std::move(child));
    if (!built) return built.error();
    route.routes.push_back(std::move(*built));
  }
  return route;
}

void collect(const Route& route, const rules::AlertLabels& labels, std::vector<const Route*>& into) {
  bool child_matched = false;
  for (const Route& child : route.routes) {
    if (!child.matchers.matches(labels)) continue;
    child_matched = true;
    collect(child, labels, into);
    if (!child.continues) break;
  }
  if (!child_matched) into.push_back(&route);
}

const Route* find_below(const Route& route, std::string_view id) {
  if (route.id == id) return &route;
  for (const Route& child : route.routes) {
    if (const Route* found = find_below(child, id)) return found;
  }
  return nullptr;
}

// As Go quotes a text.
void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::string_view escaped = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view names = "abfnrtv\\\"";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (const std::size_t at = escaped.find(c); at != std::string_view::npos) {
      out += '\\';
      out += names[at];
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

Result<RouteTree> RouteTree::build(const config::RouteConfig& root) {
  Route route;
  route.key = "{}";
  route.id = "{}";
  Result<Route> built = build_route(root, std::move(route));
  if (!built) return built.error();
  return RouteTree(std::make_unique<const Route>(std::move(*built)));
}

std::vector<const Route*> RouteTree::match(const rules::AlertLabels& labels) const {
  std::vector<const Route*> routes;
  collect(*root_, labels, routes);
  return routes;
}

const Route* RouteTree::find(std::string_view id) const {
  return find_below(*root_, id);
}

rules::AlertLabels group_labels(const Route& route, const rules::AlertLabels& labels) {
  if (route.group_by_all) return labels;
  rules::AlertLabels group;
  for (const std::string& name : route.group_by) {
    if (const auto found = labels.find(name); found != labels.end()) group.insert(*found);
  }
  return group;
}

std::string group_key(const Route& route, const rules::AlertLabels& group_labels) {
  return route.key + ":" + to_string(group_labels);
}

std::string to_string(const rules::AlertLabels& labels) {
  std::string out = "{";
  for (const auto& [name, value] : labels) {
    if (out.size() > 1) out += ", ";
    out += name;
    out += '=';
    append_quoted(out, value);
  }
  return out + "}";
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
