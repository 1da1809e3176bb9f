// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/json_writer.hpp"

#include <cmath>

#include "api/value_text.hpp"
#include "exposition/utf8.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

void append_valid(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || c == '<' || c == '>' || c == '&') {  // the last three: safe within HTML, too
      ((out += "\\u00") += digits[byte >> 4U]) += digits[byte & 15U];
    } else {
      out += c;
    }
  }
}

}  // namespace

void append_text(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t valid = exposition::valid_utf8_prefix(text);
    append_valid(out, text.substr(0, valid));
    if (valid == text.size()) break;
    out += "\\ufffd";
    text.remove_prefix(valid + 1);
  }
  out += '"';
}

void append_value(std::string& out, double value) {
  char text[value_room + 2];
  text[0] = '"';
  char* const end = write_value(text + 1, value);
  *end = '"';
  out.append(text, static_cast<std::size_t>(end + 1 - text));
}

void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char text[value_room];
  out.append(text, static_cast<std::size_t>(write_value(text, value) - text));
}

void append_time(std::string& out, std::int64_t milliseconds) {
  char text[longest_time];
  out.append(text, static_cast<std::size_t>(write_time(text, milliseconds) - text));
}

}  // namespace api
BELLWETHER_NAMESPACE_END
