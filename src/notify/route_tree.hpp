// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/alertmanager/route_config.hpp"
#include "notify/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// One route, with what it takes from its parents filled in.
struct Route {
  /// Alertmanager's key: `{}/{team="fx"}/{severity="P0"}`, the matchers on the way from the root. Siblings may share it.
  std::string key;
  /// Names this route alone: the key, with `#2` after the matchers of the second of equal siblings. Stays over restarts and reloads
  /// while the route's matchers and those of its equal siblings stay: what is kept of a group goes under this.
  std::string id;

  std::string receiver;
  std::vector<std::string> group_by;  ///< sorted
  bool group_by_all = false;
  std::chrono::milliseconds group_wait{30'000};
  std::chrono::milliseconds group_interval{300'000};
  std::chrono::milliseconds repeat_interval{4 * 3'600'000};
  std::vector<std::string> mute_time_intervals;    ///< of this route alone
  std::vector<std::string> active_time_intervals;  ///< of this route alone; empty: always

  LabelMatchers matchers;
  bool continues = false;
  std::vector<Route> routes;
};

/// Which routes an alert takes, as Alertmanager decides it: down the first child that matches, and on to later siblings while
/// `continue` says so; where no child matches, the route itself.
///
///     Result<RouteTree> tree = RouteTree::build(config.route);
///     for (const Route* route : tree->match(alert.labels)) {
///       const rules::AlertLabels labels = group_labels(*route, alert.labels);
///       tell(route->receiver, group_key(*route, labels), alert);
///     }
///
/// Threads: immutable; any may match. The routes live as long as the tree, also when it is moved.
class RouteTree {
 public:
  /// Errors: an expression that cannot be compiled (a configuration that was loaded has none).
  static Result<RouteTree> build(const config::RouteConfig& root);

  /// In the file's order; never empty.
  std::vector<const Route*> match(const rules::AlertLabels& labels) const;

  const Route& root() const noexcept { return *root_; }
  /// Null where there is none, as after a reload.
  const Route* find(std::string_view id) const;

 private:
  explicit RouteTree(std::unique_ptr<const Route> root) : root_(std::move(root)) {}

  std::unique_ptr<const Route> root_;
};

/// The labels by which the route groups, as far as the alert has them.
rules::AlertLabels group_labels(const Route& route, const rules::AlertLabels& labels);

/// Alertmanager's, as webhooks show it and PagerDuty's dedup_key is made of it: `{}/{team="fx"}:{alertname="KillSwitch"}`.
std::string group_key(const Route& route, const rules::AlertLabels& group_labels);

/// `{alertname="KillSwitch", venue="X"}`, as Alertmanager writes a set of labels.
std::string to_string(const rules::AlertLabels& labels);

}  // namespace notify
BELLWETHER_NAMESPACE_END
