// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/expression_place.hpp"

#include <charconv>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

struct ParsedError {
  std::size_t line = 0;  // 0: it says no place
  std::size_t column = 0;
  std::string message;
};

ParsedError take_apart(const std::string& error) {
  ParsedError out;
  const char* const end = error.data() + error.size();
  const auto line = std::from_chars(error.data(), end, out.line);
  if (line.ec == std::errc{} && line.ptr != end && *line.ptr == ':') {
    const auto column = std::from_chars(line.ptr + 1, end, out.column);
    if (column.ec == std::errc{} && end - column.ptr > 2 && column.ptr[0] == ':' && column.ptr[1] == ' ') {
      out.message.assign(column.ptr + 2, end);
      return out;
    }
  }
  return {0, 0, error};
}

std::string_view line_of(std::string_view text, std::size_t number) {
  while (number > 1 && !text.empty()) {
    const std::size_t end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    --number;
  }
  return text.substr(0, text.find('\n'));
}

std::size_t indentation(std::string_view line) {
  const std::size_t first = line.find_first_not_of(' ');
  return first == std::string_view::npos ? line.size() : first;
}

}  // namespace

PlacedError place_in_yaml(std::string_view file_text, const config::YamlNode& node, const std::string& error) {
  ParsedError parsed = take_apart(error);
  const config::YamlPosition at = node.position();
  if (parsed.line == 0) return {at, std::move(parsed.message)};

  const std::string_view line = line_of(file_text, at.line);
  const std::string_view value =
      at.column <= line.size() ? line.substr(at.column - 1) : std::string_view{};  // columns: exact for ASCII before it
  const bool block = node.quoted() && !value.empty() && value[0] == '|';
  if (block) {
    std::size_t first = at.line + 1;
    while (line_of(file_text, first).find_first_not_of(" \r") == std::string_view::npos && first < at.line + 100)
      ++first;
    const std::size_t indent = indentation(line_of(file_text, first));
    return {{at.line + parsed.line, indent + parsed.column}, std::move(parsed.message)};
  }
  const std::size_t quote = node.quoted() ? 1 : 0;
  if (parsed.line == 1 && value.size() >= quote && value.substr(quote, node.text().size()) == node.text()) {
    return {{at.line, at.column + quote + parsed.column - 1}, std::move(parsed.message)};
  }
  return {at, "at " + std::to_string(parsed.line) + ':' + std::to_string(parsed.column) +
                  " of the expression: " + parsed.message};
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
