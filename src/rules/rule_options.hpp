// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "promql/expression.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// When a rule is evaluated besides its group's interval.
enum class OnArrival : std::uint8_t {
  /// As it is without the annotation: if it has no `for`, and all its metrics are pushed or it has the label `urgent="true"`.
  pushed,
  always,  ///< with each changed value of its metrics, scraped ones too
  never
};

/// What Bellwether reads from the annotations of an alerting rule; a real Prometheus carries them along and ignores them.
/// They are not sent with the alert. docs/rules.md says more.
struct RuleOptions {
  /// `bellwether_resolve_expr`: hysteresis. A firing alert ends only when this gives an element for it: one that has the same
  /// values for all labels that both have.
  std::string resolve_expression;
  std::shared_ptr<const promql::Expression> resolve_tree;  ///< null: none
  /// It is a comparison, and the tree gives 0 and 1 in place of missing and present elements: what is neither is gone.
  bool resolve_is_bool = false;
  /// `bellwether_resolve_timeout`: it ends after this time too if neither expression knows of it: the series is gone.
  std::chrono::milliseconds resolve_timeout = std::chrono::minutes{15};

  /// `bellwether_flap_threshold`: an alert that began to fire so many times within the window is kept firing, until its
  /// expression has given nothing for `flap_window`. 0: no damping.
  std::uint64_t flap_threshold = 0;
  std::chrono::milliseconds flap_window = std::chrono::minutes{10};  ///< `bellwether_flap_window`

  OnArrival on_arrival = OnArrival::pushed;  ///< `bellwether_on_arrival`: "true", "false"
};

/// All annotations that begin so are options.
inline constexpr std::string_view option_prefix = "bellwether_";
/// The annotation of an alert that is kept firing since it flaps: "true".
inline constexpr const char* flapping_annotation = "flapping";

}  // namespace rules
BELLWETHER_NAMESPACE_END
