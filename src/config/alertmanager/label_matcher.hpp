// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// In Alertmanager's order, by which matchers of one label are sorted.
enum class LabelMatcherType : std::uint8_t { equal, not_equal, regex, not_regex };

/// One condition on the labels of an alert, as text: `severity=~"P0|P1"`. notify/matcher.hpp compiles it. A regular expression is
/// RE2's and matches the whole value; a missing label has an empty value.
struct LabelMatcher {
  LabelMatcherType type = LabelMatcherType::equal;
  std::string name;
  std::string value;

  friend bool operator==(const LabelMatcher&, const LabelMatcher&) = default;
};

/// By name, value, type: Alertmanager's order, in which they stand in a group's key.
bool operator<(const LabelMatcher& a, const LabelMatcher& b);

/// `severity=~"P0|P1"`; a name that is not classic stands in quotes too.
std::string to_string(const LabelMatcher& matcher);
/// `{team="fx",severity=~"P0|P1"}`, in the order given.
std::string to_string(const std::vector<LabelMatcher>& matchers);

/// Reads one or more matchers separated by commas, with or without { } around them, in both of Alertmanager's dialects: `foo = bar`
/// (classic) and `"Lösung"="\u2713"` (UTF-8, since 0.27). As Alertmanager does by default, the UTF-8 reading counts; where only the
/// classic one can read the text, or both can and differ, the classic one.
/// Errors: what neither can read, and an expression that RE2 refuses.
Result<std::vector<LabelMatcher>> parse_label_matchers(std::string_view text);

/// An error where the expression of a regex matcher cannot be compiled or a matcher has no name.
Result<void> check_label_matcher(const LabelMatcher& matcher);

}  // namespace config
BELLWETHER_NAMESPACE_END
