// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/pattern.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "template/arguments.hpp"
#include "template/lexer.hpp"
#include "template/literal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

Result<std::unique_ptr<re2::RE2>> compile(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto expression = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!expression->ok()) {
    return Error{"error parsing regexp \"" + std::string(pattern) + "\": " + expression->error()};
  }
  return expression;
}

/// A part of a replacement: a text, or a group.
struct Part {
  std::string text;
  int group = -1;
};

/// The group a name stands for; none is an empty text.
int group_of(const re2::RE2& expression, std::string_view name) {
  bool number = !name.empty();
  int group = 0;
  for (const char c : name) {
    number = number && is_digit(c);
    if (number) group = std::min(group * 10 + (c - '0'), 100'000);
  }
  if (number) return group <= expression.NumberOfCapturingGroups() ? group : -1;
  const auto& names = expression.NamedCapturingGroups();
  const auto found = names.find(std::string(name));
  return found == names.end() ? -1 : found->second;
}

std::vector<Part> parts_of(const re2::RE2& expression, std::string_view replacement) {
  std::vector<Part> parts(1);
  const auto literal = [&](std::string_view text) { parts.back().text += text; };
  for (std::size_t at = 0; at < replacement.size();) {
    if (replacement[at] != '$' || at + 1 == replacement.size()) {
      literal(replacement.substr(at++, 1));
      continue;
    }
    const std::string_view rest = replacement.substr(at + 1);
    if (rest.front() == '$') {
      literal("$");
      at += 2;
      continue;
    }
    const bool braces = rest.front() == '{';
    std::size_t end = braces ? 1 : 0;
    while (end < rest.size() && is_word_byte(rest[end])) ++end;
    const std::string_view name = rest.substr(braces ? 1 : 0, end - (braces ? 1 : 0));
    if (name.empty() || (braces && (end == rest.size() || rest[end] != '}'))) {
      literal("$");
      ++at;
      continue;
    }
    parts.push_back({"", group_of(expression, name)});
    parts.push_back({});
    at += 1 + end + (braces ? 1 : 0);
  }
  return parts;
}

}  // namespace

Result<bool> pattern_found(std::string_view pattern, std::string_view text) {
  auto expression = compile(pattern);
  if (!expression) return expression.error();
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), **expression);
}

Result<std::string> replace_pattern(std::string_view pattern, std::string_view text, std::string_view replacement) {
  auto compiled = compile(pattern);
  if (!compiled) return compiled.error();
  const re2::RE2& expression = **compiled;
  const std::vector<Part> parts = parts_of(expression, replacement);
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(expression.NumberOfCapturingGroups()) + 1);
  const re2::StringPiece whole(text.data(), text.size());
  std::string result;
  std::size_t copied = 0;
  for (std::size_t from = 0; from <= text.size();) {
    const bool found = expression.Match(whole, from, text.size(), re2::RE2::UNANCHORED, groups.data(),
                                        static_cast<int>(groups.size()));
    if (!found) break;
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    const std::size_t end = begin + groups[0].size();
    result += text.substr(copied, begin - copied);
    if (end > copied || begin == 0) {
      for (const Part& part : parts) {
        if (result.size() > max_text) return too_long();
        result += part.text;
        if (part.group < 0) continue;
        const re2::StringPiece& group = groups[static_cast<std::size_t>(part.group)];
        if (!group.empty()) result.append(group.data(), group.size());
      }
    }
    if (result.size() > max_text) return too_long();
    copied = end;
    const std::size_t character = from < text.size() ? decode_utf8(text.substr(from)).length : 1;
    from = std::max(from + character, end);
  }
  return result += text.substr(copied);
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
