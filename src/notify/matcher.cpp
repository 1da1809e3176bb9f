// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/matcher.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

storage::MatchType type_of(config::LabelMatcherType type) {
  switch (type) {
    case config::LabelMatcherType::equal:
      return storage::MatchType::equal;
    case config::LabelMatcherType::not_equal:
      return storage::MatchType::not_equal;
    case config::LabelMatcherType::regex:
      return storage::MatchType::regex;
    default:
      return storage::MatchType::not_regex;
  }
}

}  // namespace

Result<LabelMatchers> LabelMatchers::make(std::vector<config::LabelMatcher> matchers) {
  LabelMatchers made;
  for (const config::LabelMatcher& matcher : matchers) {
    if (Result<void> checked = config::check_label_matcher(matcher); !checked) return checked.error();
    Result<storage::Matcher> compiled = storage::Matcher::make(type_of(matcher.type), matcher.name, matcher.value);
    if (!compiled) return compiled.error();
    made.compiled_.push_back(std::move(*compiled));
  }
  made.source_ = std::move(matchers);
  return made;
}

Result<LabelMatchers> LabelMatchers::parse(std::string_view text) {
  Result<std::vector<config::LabelMatcher>> matchers = config::parse_label_matchers(text);
  if (!matchers) return matchers.error();
  return make(std::move(*matchers));
}

bool LabelMatchers::matches(const rules::AlertLabels& labels) const {
  return std::all_of(compiled_.begin(), compiled_.end(), [&](const storage::Matcher& matcher) {
    const auto found = labels.find(matcher.name());
    return matcher.matches(found == labels.end() ? std::string_view{} : std::string_view(found->second));
  });
}

bool LabelMatchers::matches_empty() const {
  return std::all_of(compiled_.begin(), compiled_.end(),
                     [](const storage::Matcher& matcher) { return matcher.matches_empty(); });
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
