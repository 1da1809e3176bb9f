// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

// Of ASCII, whatever the locale.
constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_word_character(char c) noexcept {
  return is_letter(c) || is_digit(c);
}
constexpr bool is_hexadecimal(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// May stand without quotes as a label's name.
constexpr bool is_plain_label_name(std::string_view name) noexcept {
  if (name.empty() || is_digit(name.front())) return false;
  for (const char c : name) {
    if (!is_word_character(c)) return false;
  }
  return true;
}

/// May stand without quotes as a metric's name: colons are allowed, too.
constexpr bool is_plain_metric_name(std::string_view name) noexcept {
  if (name.empty() || is_digit(name.front())) return false;
  for (const char c : name) {
    if (!is_word_character(c) && c != ':') return false;
  }
  return true;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
