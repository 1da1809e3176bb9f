// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "config/alertmanager/label_matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// `route`, as it stands in the file. notify/route_tree.hpp fills in what a route takes from its parent.
struct RouteConfig {
  std::string receiver;                              ///< empty: that of the parent; never empty in the root
  std::optional<std::vector<std::string>> group_by;  ///< absent: that of the parent; an empty list: one group for all
  bool group_by_all = false;                         ///< `['...']`: each alert is a group of its own
  std::vector<LabelMatcher> matchers;                ///< of match, match_re and matchers, sorted; all must match
  bool continues = false;                            ///< `continue`: later siblings may match too
  std::optional<std::chrono::milliseconds> group_wait;
  std::optional<std::chrono::milliseconds> group_interval;   ///< never 0
  std::optional<std::chrono::milliseconds> repeat_interval;  ///< never 0
  std::vector<std::string> mute_time_intervals;
  std::vector<std::string> active_time_intervals;
  std::vector<RouteConfig> routes;

  friend bool operator==(const RouteConfig&, const RouteConfig&) = default;
};

/// While an alert that matches `source` fires, alerts that match `target` and agree in the labels of `equal` are held back.
struct InhibitRule {
  std::string name;  ///< may be empty
  std::vector<LabelMatcher> source_matchers;
  std::vector<LabelMatcher> target_matchers;
  std::vector<std::string> equal;

  friend bool operator==(const InhibitRule&, const InhibitRule&) = default;
};

}  // namespace config
BELLWETHER_NAMESPACE_END
