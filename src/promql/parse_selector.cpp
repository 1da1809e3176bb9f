// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "exposition/utf8.hpp"
#include "promql/parser_state.hpp"
#include "promql/string_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

constexpr std::string_view metric_name = "__name__";

std::optional<storage::MatchType> match_type(TokenKind kind) {
  switch (kind) {
    case TokenKind::assign:
      return storage::MatchType::equal;
    case TokenKind::not_equal:
      return storage::MatchType::not_equal;
    case TokenKind::match_regex:
      return storage::MatchType::regex;
    case TokenKind::match_not_regex:
      return storage::MatchType::not_regex;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> ParserState::string_value() {
  StringText text = unquote(current_.text);
  if (text.problem != nullptr) {
    fail(current_.place.begin + text.problem_at, text.problem);
    return std::nullopt;
  }
  advance();
  return std::move(text.value);
}

bool ParserState::add_matcher(VectorSelector& out, const Token& at, storage::MatchType type, std::string name,
                              std::string value) {
  auto made = storage::Matcher::make(type, std::move(name), std::move(value));
  if (!made) {
    fail(at.place, made.error().message);
    return false;
  }
  out.matchers.push_back(std::move(*made));
  return true;
}

bool ParserState::matcher(VectorSelector& out) {
  const Token first = current_;
  const bool quoted = is(TokenKind::string);
  std::string name(first.text);
  if (quoted) {
    auto text = string_value();
    if (!text) return false;
    name = std::move(*text);
    if (name.empty() || !exposition::is_utf8(name)) {
      fail(first.place, "a name is valid UTF-8 and not empty");
      return false;
    }
  } else if (!accept(TokenKind::word)) {
    fail_expected(out.matchers.empty() ? "a label's name or \"}\"" : "a label's name");
    return false;
  }
  const auto type = match_type(current_.kind);
  if (!type) {
    if (!quoted) {
      fail_expected("\"=\", \"!=\", \"=~\" or \"!~\" behind the label's name");
      return false;
    }
    if (!out.name.empty()) {
      fail(first.place, "metric name must not be set twice: \"" + out.name + "\" or \"" + name + '"');
      return false;
    }
    out.name = std::move(name);
    return true;
  }
  advance();
  if (!is(TokenKind::string)) {
    fail_expected("a value in quotes");
    return false;
  }
  auto value = string_value();
  return value && add_matcher(out, first, *type, std::move(name), std::move(*value));
}

bool ParserState::matchers(VectorSelector& out) {
  advance();
  while (!is(TokenKind::right_brace)) {
    if (!matcher(out)) return false;
    if (!is(TokenKind::right_brace) && !expect(TokenKind::comma, "\",\" or \"}\"")) return false;
  }
  advance();
  return true;
}

bool ParserState::finish_selector(VectorSelector& selector, const Token& begin) {
  if (selector.name.empty()) {
    const bool selects = std::any_of(selector.matchers.begin(), selector.matchers.end(),
                                     [](const storage::Matcher& m) { return !m.matches_empty(); });
    if (selects) return true;
    fail(begin.place, "vector selector must contain at least one non-empty matcher");
    return false;
  }
  for (const storage::Matcher& m : selector.matchers) {
    if (m.name() != metric_name) continue;
    fail(begin.place, "metric name must not be set twice: \"" + selector.name + "\" or \"" + m.value() + '"');
    return false;
  }
  return add_matcher(selector, begin, storage::MatchType::equal, std::string(metric_name), selector.name);
}

bool ParserState::vector_selector(const Token* name, VectorSelector& out) {
  const Token begin = name != nullptr ? *name : current_;
  if (name != nullptr) out.name = name->text;
  if (is(TokenKind::left_brace) && !matchers(out)) return false;
  return finish_selector(out, begin);
}

ParserState::Part ParserState::selector(const Token* name) {
  const std::uint32_t begin = name != nullptr ? name->place.begin : current_.place.begin;
  VectorSelector node;
  if (!vector_selector(name, node)) return {};
  return make({begin, last_end_}, ValueType::vector, 1, std::move(node));
}

std::optional<VectorSelector> ParserState::whole_selector() {
  VectorSelector out;
  const Token first = current_;
  if (is(TokenKind::word)) {
    advance();
  } else if (!is(TokenKind::left_brace)) {
    fail_expected("a selector such as orders_total{venue=\"ibkr\"}");
    return std::nullopt;
  }
  if (!vector_selector(first.kind == TokenKind::word ? &first : nullptr, out)) return std::nullopt;
  if (is(TokenKind::end)) return out;
  fail_expected("the end of the selector");
  return std::nullopt;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
