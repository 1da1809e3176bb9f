// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {

/// A JSON string with its quotes. Bytes beyond ASCII pass as they are.
inline std::string json_text(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      json += escape;
    } else {
      json += c;
    }
  }
  return json += '"';
}

/// The shortest text that reads back as the same number: "-0.05", "nan".
inline std::string number_text(double value) {
  char text[40];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return {text, error == std::errc{} ? end : text};
}

/// A JSON number; what JSON has no number for is a string.
inline std::string json_number(double value) {
  return std::isfinite(value) ? number_text(value) : json_text(number_text(value));
}

}  // namespace resilience
BELLWETHER_NAMESPACE_END
