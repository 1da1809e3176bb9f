// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/alertmanager/label_matcher.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "config/alertmanager/matcher_dialects.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

constexpr std::int64_t max_program_bytes = 8LL << 20;
constexpr std::array<std::string_view, 4> signs{"=", "!=", "=~", "!~"};

bool is_reserved(char c) {
  return std::string_view(" \t\n\r\v\f{}!=~,\\\"'`").find(c) != std::string_view::npos;
}

void append_escaped(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

}  // namespace

bool operator<(const LabelMatcher& a, const LabelMatcher& b) {
  return std::tie(a.name, a.value, a.type) < std::tie(b.name, b.value, b.type);
}

std::string to_string(const LabelMatcher& matcher) {
  std::string out;
  if (matcher.name.empty() || std::any_of(matcher.name.begin(), matcher.name.end(), is_reserved)) {
    append_escaped(out, matcher.name);
  } else {
    out = matcher.name;
  }
  out += signs[static_cast<std::size_t>(matcher.type)];
  append_escaped(out, matcher.value);
  return out;
}

std::string to_string(const std::vector<LabelMatcher>& matchers) {
  std::string out = "{";
  for (const LabelMatcher& matcher : matchers) {
    if (out.size() > 1) out += ',';
    out += to_string(matcher);
  }
  return out + "}";
}

Result<void> check_label_matcher(const LabelMatcher& matcher) {
  if (matcher.name.empty()) return Error{"a matcher has no label name: write it as name=\"value\""};
  if (matcher.type != LabelMatcherType::regex && matcher.type != LabelMatcherType::not_regex) return {};
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(max_program_bytes);
  const re2::RE2 compiled("^(?:" + matcher.value + ")$", options);
  if (compiled.ok()) return {};
  return Error{"the regular expression of " + to_string(matcher) + " does not compile: " + compiled.error() +
               "; RE2's syntax counts, without look-ahead and back-references"};
}

Result<std::vector<LabelMatcher>> parse_label_matchers(std::string_view text) {
  Result<std::vector<LabelMatcher>> utf8 = parse_utf8_matchers(text);
  Result<std::vector<LabelMatcher>> classic = parse_classic_matchers(text);
  const bool take_classic = classic && (!utf8 || *utf8 != *classic);
  Result<std::vector<LabelMatcher>> taken = take_classic ? std::move(classic) : std::move(utf8);
  if (!taken) return taken;
  for (const LabelMatcher& matcher : *taken) {
    if (Result<void> checked = check_label_matcher(matcher); !checked) return checked.error();
  }
  return taken;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
