// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "config/alertmanager/label_matcher.hpp"
#include "rules/alert.hpp"
#include "storage/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// Conditions on an alert's labels, compiled; all must hold. None at all match every alert.
///
///     LabelMatchers matchers = LabelMatchers::parse(R"(team="fx", severity=~"P0|P1")").value();
///     if (matchers.matches(alert.labels)) …
///
/// Threads: immutable; any may match. Copying shares the compiled expressions.
class LabelMatchers {
 public:
  LabelMatchers() = default;
  static Result<LabelMatchers> make(std::vector<config::LabelMatcher> matchers);
  /// In Alertmanager's syntax, see config/alertmanager/label_matcher.hpp.
  static Result<LabelMatchers> parse(std::string_view text);

  bool matches(const rules::AlertLabels& labels) const;
  /// Holds for an alert without labels.
  bool matches_empty() const;
  bool empty() const noexcept { return source_.empty(); }

  /// As given.
  const std::vector<config::LabelMatcher>& source() const noexcept { return source_; }
  /// `{team="fx",severity=~"P0|P1"}`.
  std::string to_string() const { return config::to_string(source_); }

 private:
  std::vector<config::LabelMatcher> source_;
  std::vector<storage::Matcher> compiled_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
