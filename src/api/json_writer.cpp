// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/json_writer.hpp"

#include <charconv>
#include <cmath>

#include "exposition/utf8.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

constexpr std::size_t longest = 400;  // 1e-308 in full

void append_shortest(std::string& out, double value) {
  char buffer[longest];
  const double size = std::fabs(value);
  const auto format =
      size != 0 && (size < 1e-6 || size >= 1e21) ? std::chars_format::scientific : std::chars_format::fixed;
  out.append(buffer, std::to_chars(buffer, buffer + longest, value, format).ptr);
}

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
  out += '"';
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else {
    append_shortest(out, value);
  }
  out += '"';
}

void append_number(std::string& out, double value) {
  if (std::isfinite(value)) {
    append_shortest(out, value);
  } else {
    out += "null";
  }
}

void append_time(std::string& out, std::int64_t milliseconds) {
  std::uint64_t size = static_cast<std::uint64_t>(milliseconds);
  if (milliseconds < 0) {
    out += '-';
    size = 0 - size;
  }
  out += std::to_string(size / 1000);
  if (size % 1000 == 0) return;
  const std::string fraction = std::to_string(size % 1000);
  out += '.';
  out.append(3 - fraction.size(), '0') += fraction;
}

}  // namespace api
BELLWETHER_NAMESPACE_END
