// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <string>

#include "config/alertmanager/matcher_dialects.hpp"
#include "config/prometheus/section_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

constexpr std::string_view spaces = " \t\n\r\v\f";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(spaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(spaces) - begin + 1);
}

bool is_name_character(char c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || (!first && c >= '0' && c <= '9');
}

Error bad(std::string_view text, const char* why) {
  return {"the matcher \"" + std::string(text.substr(0, 200)) + "\" " + why + ": write it as name=\"value\""};
}

// At commas outside of quotes.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  bool quoted = false;
  bool escaped = false;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' && !escaped) quoted = !quoted;
    escaped = c == '\\' && !escaped;
    if (c != ',' || quoted) continue;
    parts.push_back(text.substr(begin, at - begin));
    begin = at + 1;
  }
  if (const std::string_view last = trimmed(text.substr(begin)); !last.empty()) parts.push_back(last);
  return parts;
}

Result<std::string> unescaped(std::string_view raw, std::string_view text) {
  const bool quoted = !raw.empty() && raw.front() == '"';
  if (quoted) raw.remove_prefix(1);
  if (quoted && (raw.empty() || raw.back() != '"')) return bad(text, "has a quote that is not closed");
  std::string value;
  for (std::size_t at = 0; at < raw.size(); ++at) {
    const bool last = at + 1 == raw.size();
    if (raw[at] == '\\' && !last) {
      const char next = raw[++at];
      if (next == '"' && quoted && at + 1 == raw.size()) return bad(text, "has a quote that is not closed");
      if (next == 'n') {
        value += '\n';
      } else {
        if (next != '"' && next != '\\') value += '\\';
        value += next;
      }
    } else if (raw[at] == '"') {
      if (!quoted || !last) return bad(text, "has a quote inside its value that is not escaped");
    } else {
      value += raw[at];
    }
  }
  return value;
}

Result<LabelMatcher> parse_one(std::string_view text) {
  LabelMatcher matcher;
  std::string_view rest = trimmed(text);
  std::size_t end = 0;
  while (end < rest.size() && is_name_character(rest[end], end == 0)) ++end;
  if (end == 0) return bad(text, "does not begin with a label name");
  matcher.name = rest.substr(0, end);
  rest = trimmed(rest.substr(end));
  const auto begins = [&](std::string_view sign) { return rest.substr(0, sign.size()) == sign; };
  std::size_t sign = 2;
  if (begins("=~")) {
    matcher.type = LabelMatcherType::regex;
  } else if (begins("!=")) {
    matcher.type = LabelMatcherType::not_equal;
  } else if (begins("!~")) {
    matcher.type = LabelMatcherType::not_regex;
  } else if (begins("=")) {
    sign = 1;
  } else {
    return bad(text, "lacks one of = != =~ !~ after the name");
  }
  Result<std::string> value = unescaped(trimmed(rest.substr(sign)), text);
  if (!value) return value.error();
  matcher.value = std::move(*value);
  return matcher;
}

}  // namespace

Result<std::vector<LabelMatcher>> parse_classic_matchers(std::string_view text) {
  if (!is_utf8_text(text)) return Error{"a matcher must be UTF-8"};
  if (!text.empty() && text.front() == '{') text.remove_prefix(1);
  if (!text.empty() && text.back() == '}') text.remove_suffix(1);
  std::vector<LabelMatcher> matchers;
  for (const std::string_view part : split(text)) {
    Result<LabelMatcher> matcher = parse_one(part);
    if (!matcher) return matcher.error();
    matchers.push_back(std::move(*matcher));
  }
  return matchers;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
