// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/matcher.hpp"

#include <re2/re2.h>

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr std::int64_t max_program_bytes = 8LL << 20;

/// "a|b|c" without any other meaning: {a, b, c}; nothing when the pattern needs RE2.
std::vector<std::string> alternation(const std::string& pattern) {
  if (pattern.find_first_of("\\.+*?()[]{}^$") != std::string::npos) return {};
  std::vector<std::string> out;
  std::size_t start = 0;
  for (;;) {
    const std::size_t bar = pattern.find('|', start);
    out.push_back(pattern.substr(start, bar == std::string::npos ? bar : bar - start));
    if (bar == std::string::npos) break;
    start = bar + 1;
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

Result<Matcher> Matcher::make(MatchType type, std::string name, std::string value) {
  Matcher matcher;
  matcher.type_ = type;
  matcher.name_ = std::move(name);
  matcher.value_ = std::move(value);
  if (matcher.name_.empty()) return Error{"a matcher needs a label name"};
  if (type == MatchType::equal || type == MatchType::not_equal) {
    matcher.literals_ = {matcher.value_};
  } else {
    matcher.literals_ = alternation(matcher.value_);
    if (matcher.literals_.empty()) {
      re2::RE2::Options options;
      options.set_log_errors(false);
      options.set_dot_nl(true);
      options.set_max_mem(max_program_bytes);
      auto pattern = std::make_shared<const re2::RE2>("(?:" + matcher.value_ + ")", options);
      if (!pattern->ok()) {
        return Error{"regular expression '" + matcher.value_ + "' for label '" + matcher.name_ +
                     "': " + pattern->error()};
      }
      matcher.pattern_ = std::move(pattern);
    }
  }
  matcher.matches_empty_ = matcher.matches({});
  if (type == MatchType::not_equal || type == MatchType::not_regex) matcher.literals_.shrink_to_fit();
  return matcher;
}

bool Matcher::matches_pattern(std::string_view value) const {
  if (pattern_ == nullptr) return std::binary_search(literals_.begin(), literals_.end(), value);
  return re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *pattern_);
}

bool Matcher::matches(std::string_view value) const {
  const bool negated = type_ == MatchType::not_equal || type_ == MatchType::not_regex;
  return matches_pattern(value) != negated;
}

std::string Matcher::to_string() const {
  constexpr const char* signs[] = {"=", "!=", "=~", "!~"};
  std::string out = name_ + signs[static_cast<std::size_t>(type_)] + '"';
  for (const char c : value_) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
