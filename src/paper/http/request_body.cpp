// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/http/request_body.hpp"

#include <fmt/format.h>

#include "paper/feed/json_cursor.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr double longest_fault = 86'400;

/// The cursor leaves escapes as written. \uXXXX stays as it is: these texts are for people.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool simple = text[i] == '\\' && i + 1 < text.size() && text[i + 1] != 'u';
    if (!simple) {
      plain += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'n':
        plain += '\n';
        break;
      case 't':
        plain += '\t';
        break;
      case 'r':
      case 'b':
      case 'f':
        plain += ' ';
        break;
      default:
        plain += text[i];
    }
  }
  return plain;
}

}  // namespace

Result<RequestBody> read_body(std::string_view text) {
  RequestBody body;
  if (text.empty()) return body;
  JsonCursor json{text};
  std::string unknown;
  bool bad_seconds = false;
  const auto take = [&](std::string& into) {
    std::string_view value;
    if (!json.string(value)) return false;
    into = unescaped(value);
    return true;
  };
  const bool read = json.object([&](std::string_view key) {
    if (key == "reason") return take(body.reason);
    if (key == "type") return take(body.type);
    if (key == "actor") return take(body.actor);
    if (key == "symbol") return take(body.symbol);
    if (key == "seconds") {
      double seconds = 0;
      if (!json.decimal(seconds)) return false;
      bad_seconds = seconds <= 0 || seconds > longest_fault;
      if (!bad_seconds) body.lasts = std::chrono::nanoseconds{static_cast<std::int64_t>(seconds * 1e9)};
      return !bad_seconds;
    }
    unknown = key;
    return false;
  }) && json.at_end();
  if (read) return body;
  if (!unknown.empty()) return Error{fmt::format("the body has a member '{}' that is not known here", unknown)};
  if (bad_seconds) return Error{fmt::format("seconds must be above 0 and at most {}", longest_fault)};
  return Error{R"(the body must be a JSON object of strings and numbers, for example {"reason":"looked at it"})"};
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
