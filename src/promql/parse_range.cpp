// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <utility>

#include "base/duration.hpp"
#include "promql/number_text.hpp"
#include "promql/parser_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

constexpr double longest_seconds = 9'223'372'036.0;           // what Prometheus counts in nanoseconds
constexpr double furthest_seconds = 9'223'372'036'854'775.0;  // what fits when counted in milliseconds

/// Prometheus counts nanoseconds, then cuts to milliseconds.
std::int64_t to_milliseconds(double seconds) {
  return std::llround(seconds * 1e9) / 1'000'000;
}

}  // namespace

std::optional<double> ParserState::seconds() {
  const Token token = current_;
  if (is(TokenKind::duration)) {
    const auto value = parse_duration(token.text);
    if (!value) {
      fail(token.place, value.error().message);
      return std::nullopt;
    }
    advance();
    return static_cast<double>(value->count()) / 1e3;
  }
  const auto value = parse_number(token.text);
  if (!value) {
    fail(token.place, value.error().message);
    return std::nullopt;
  }
  advance();
  return *value;
}

std::optional<double> ParserState::signed_seconds(const char* what) {
  const bool negative = is(TokenKind::subtract);
  if (negative || is(TokenKind::add)) advance();
  if (is(TokenKind::left_parenthesis) || is(TokenKind::subtract) || is(TokenKind::add)) {
    fail_experimental(current_, "arithmetic on durations");
    return std::nullopt;
  }
  if (!is(TokenKind::number) && !is(TokenKind::duration)) {
    fail_expected(what);
    return std::nullopt;
  }
  auto value = seconds();
  if (value && negative) value = -*value;
  return value;
}

std::optional<std::int64_t> ParserState::positive_duration() {
  const Token token = current_;
  const auto value = signed_seconds("a duration such as 5m");
  if (!value) return std::nullopt;
  if (!(std::fabs(*value) <= longest_seconds)) {  // NaN, too
    fail(token.place, "duration out of range: 292 years are the most");
    return std::nullopt;
  }
  const std::int64_t milliseconds = to_milliseconds(*value);
  if (milliseconds <= 0) {
    fail(token.place, "duration must be greater than 0, by a millisecond at least");
    return std::nullopt;
  }
  const bool ends = is(TokenKind::right_bracket) || is(TokenKind::colon);
  if (ends) return milliseconds;
  if (is(TokenKind::add) || is(TokenKind::subtract) || is(TokenKind::multiply) || is(TokenKind::divide) ||
      is(TokenKind::modulo) || is(TokenKind::power)) {
    fail_experimental(current_, "arithmetic on durations");
  } else {
    fail_expected("\"]\" or \":\" behind the duration");
  }
  return std::nullopt;
}

ParserState::Part ParserState::suffixes(Part part) {
  while (part) {
    if (is(TokenKind::left_bracket)) {
      part = range_or_subquery(std::move(part));
    } else if (is(Keyword::offset)) {
      if (!offset(part)) return {};
    } else if (is(TokenKind::at)) {
      if (!at(part)) return {};
    } else if (is(Keyword::smoothed) || is(Keyword::anchored)) {
      fail_experimental(current_, '"' + std::string(current_.text) + '"');
      return {};
    } else {
      break;
    }
  }
  return part;
}

ParserState::Part ParserState::range_or_subquery(Part part) {
  advance();
  const auto range_ms = positive_duration();
  if (!range_ms) return {};
  if (is(TokenKind::right_bracket)) return range(std::move(part), *range_ms);
  advance();  // the colon
  std::int64_t step_ms = 0;
  if (!is(TokenKind::right_bracket)) {
    const auto step = positive_duration();
    if (!step) return {};
    step_ms = *step;
  }
  if (!expect(TokenKind::right_bracket, "\"]\"")) return {};
  if (part.type != ValueType::vector) {
    fail(part.place(), "subquery is only allowed on instant vector, got " + std::string(describe(part.type)));
    return {};
  }
  shifted_ = anchored_ = false;
  const Place place{part.place().begin, last_end_};
  return make(place, ValueType::matrix, part.depth + 1, Subquery{std::move(part.tree), *range_ms, step_ms, {}});
}

ParserState::Part ParserState::range(Part part, std::int64_t range_ms) {
  auto* const selector = std::get_if<VectorSelector>(&part.tree->node);
  if (selector == nullptr) {
    fail(part.place(), "ranges only allowed for vector selectors; of other expressions write a subquery, [5m:]");
    return {};
  }
  if (shifted_ || anchored_) {
    fail(part.place(), shifted_ ? "no offset modifiers allowed before range: write it behind the brackets"
                                : "no @ modifiers allowed before range: write it behind the brackets");
    return {};
  }
  advance();
  MatrixSelector node{std::move(*selector), range_ms};
  return make({part.place().begin, last_end_}, ValueType::matrix, 1, std::move(node));
}

TimeShift* ParserState::shift_of(Part& part, const char* what, bool before) {
  auto& node = part.tree->node;
  TimeShift* shift = nullptr;
  if (auto* const vector = std::get_if<VectorSelector>(&node)) shift = &vector->shift;
  if (auto* const matrix = std::get_if<MatrixSelector>(&node)) shift = &matrix->selector.shift;
  if (auto* const subquery = std::get_if<Subquery>(&node)) shift = &subquery->shift;
  if (shift == nullptr) {
    fail(current_.place, std::string(what) +
                             " modifier must be preceded by an instant vector selector or range vector selector or a "
                             "subquery");
    return nullptr;
  }
  if (before) {
    fail(current_.place, std::string(what) + " may not be set multiple times");
    return nullptr;
  }
  return shift;
}

bool ParserState::offset(Part& part) {
  TimeShift* const shift = shift_of(part, "offset", shifted_);
  if (shift == nullptr) return false;
  advance();
  const Token token = current_;
  const auto value = signed_seconds("a duration such as 5m behind \"offset\"");
  if (!value) return false;
  if (!(std::fabs(*value) <= longest_seconds)) {
    fail(token.place, "duration out of range: 292 years are the most");
    return false;
  }
  shift->offset_ms = to_milliseconds(*value);
  shifted_ = true;
  part.tree->place.end = last_end_;
  return true;
}

bool ParserState::at(Part& part) {
  TimeShift* const shift = shift_of(part, "@", anchored_);
  if (shift == nullptr) return false;
  advance();
  if (is(Keyword::start) || is(Keyword::end)) {
    shift->at = is(Keyword::start) ? AtAnchor::start : AtAnchor::end;
    advance();
    if (!expect(TokenKind::left_parenthesis, "\"()\"") || !expect(TokenKind::right_parenthesis, "\")\"")) return false;
  } else {
    const Token token = current_;
    const auto value = signed_seconds("a time in seconds since 1970, start() or end() behind \"@\"");
    if (!value) return false;
    if (!(std::fabs(*value) < furthest_seconds)) {
      fail(token.place, "timestamp out of bounds for @ modifier: " + format_number(*value));
      return false;
    }
    shift->at = AtAnchor::time;
    shift->at_ms = std::llround(*value * 1e3);
  }
  anchored_ = true;
  part.tree->place.end = last_end_;
  return true;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
