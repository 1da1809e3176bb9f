// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/router.hpp"

#include <algorithm>

#include "net/request_target.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

Error route_error(const Route& route, std::string_view problem) {
  return {"route " + route.method + " " + route.path + ": " + std::string(problem)};
}

bool is_method(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

Result<std::vector<Router::Segment>> Router::parse(const Route& route) {
  if (!is_method(route.method)) return route_error(route, "the method must be capital letters, as in GET");
  if (route.path.empty() || route.path.front() != '/') return route_error(route, "the path must begin with '/'");
  if (!route.handler) return route_error(route, "has no handler");
  if (route.websocket && route.method != "GET") return route_error(route, "a WebSocket is asked for with GET");
  std::vector<Segment> segments;
  for (std::string_view text : split_path(route.path)) {
    if (!segments.empty() && segments.back().kind == Kind::Rest) {
      return route_error(route, "nothing can follow {" + segments.back().text + "...}");
    }
    if (text.find_first_of("{}") == std::string_view::npos) {
      segments.push_back({Kind::Fixed, std::string(text)});
      continue;
    }
    const bool braces = text.size() > 2 && text.front() == '{' && text.back() == '}';
    std::string_view name = braces ? text.substr(1, text.size() - 2) : std::string_view{};
    Kind kind = Kind::Parameter;
    if (name.size() > 3 && name.substr(name.size() - 3) == "...") {
      name.remove_suffix(3);
      kind = Kind::Rest;
    }
    if (!is_name(name)) return route_error(route, "a parameter is written /{name} or, at the end, /{name...}");
    if (std::any_of(segments.begin(), segments.end(),
                    [&](const Segment& other) { return other.kind != Kind::Fixed && other.text == name; })) {
      return route_error(route, "two parameters are called " + std::string(name));
    }
    segments.push_back({kind, std::string(name)});
  }
  return segments;
}

bool Router::same_shape(const Entry& a, const Entry& b) {
  return std::equal(a.segments.begin(), a.segments.end(), b.segments.begin(), b.segments.end(),
                    [](const Segment& x, const Segment& y) {
                      return x.kind == y.kind && (x.kind != Kind::Fixed || x.text == y.text);
                    });
}

Result<Router> Router::build(std::vector<Route> routes) {
  Router router;
  for (Route& route : routes) {
    auto segments = parse(route);
    if (!segments) return segments.error();
    Entry entry{std::move(route), std::move(*segments)};
    for (const Entry& other : router.entries_) {
      if (other.route.method == entry.route.method && same_shape(other, entry)) {
        return route_error(entry.route, "stands twice (also as " + other.route.path + ")");
      }
    }
    router.entries_.push_back(std::move(entry));
  }
  std::stable_sort(router.entries_.begin(), router.entries_.end(), [](const Entry& a, const Entry& b) {
    return std::lexicographical_compare(a.segments.begin(), a.segments.end(), b.segments.begin(), b.segments.end(),
                                        [](const Segment& x, const Segment& y) { return x.kind < y.kind; });
  });
  return router;
}

bool Router::matches(const Entry& entry, const std::vector<std::string>& segments) {
  for (std::size_t i = 0; i < entry.segments.size(); ++i) {
    if (i >= segments.size()) return false;
    const Segment& expected = entry.segments[i];
    if (expected.kind == Kind::Rest) return true;
    if (expected.kind == Kind::Fixed ? expected.text != segments[i] : segments[i].empty()) return false;
  }
  return entry.segments.size() == segments.size();
}

std::vector<Field> Router::parameters(const Entry& entry, const std::vector<std::string>& segments) {
  std::vector<Field> result;
  for (std::size_t i = 0; i < entry.segments.size(); ++i) {
    const Segment& segment = entry.segments[i];
    if (segment.kind == Kind::Fixed) continue;
    std::string value = segments[i];
    if (segment.kind == Kind::Rest) {
      for (std::size_t j = i + 1; j < segments.size(); ++j) value += '/' + segments[j];
    }
    result.emplace_back(segment.text, std::move(value));
  }
  return result;
}

Router::Match Router::find(std::string_view method, const std::vector<std::string>& segments) const {
  Match none;
  std::vector<std::string_view> allowed;
  const Entry* implied = nullptr;  // a GET that answers HEAD unless a route of its own does
  for (const Entry& entry : entries_) {
    if (!matches(entry, segments)) continue;
    if (entry.route.method == method) return {&entry.route.handler, &entry.route, parameters(entry, segments), {}};
    if (none.route == nullptr) none.route = &entry.route;
    if (entry.route.method == "GET") {
      if (implied == nullptr) implied = &entry;
      allowed.emplace_back("HEAD");
    }
    allowed.emplace_back(entry.route.method);
  }
  if (method == "HEAD" && implied != nullptr) {
    return {&implied->route.handler, &implied->route, parameters(*implied, segments), {}};
  }
  std::sort(allowed.begin(), allowed.end());
  allowed.erase(std::unique(allowed.begin(), allowed.end()), allowed.end());
  for (std::string_view name : allowed) {
    if (!none.allow.empty()) none.allow += ", ";
    none.allow += name;
  }
  return none;
}

bool Router::has_blocking() const noexcept {
  return std::any_of(entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.route.blocking; });
}

}  // namespace net
BELLWETHER_NAMESPACE_END
