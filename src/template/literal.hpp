// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <string>
#include <string_view>

#include "template/value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// Go's constants. A number is an integer unless it has a point or an exponent: 1_000, 0x1F, 0o17, 017, 0b1, 1e3, 0x1p-2.
Result<Value> read_number(std::string_view text);
/// With its quotes: 'a', '\n', '\u00e9' are the number of the character.
Result<Value> read_character(std::string_view text);
/// With its quotes, " or `.
Result<std::string> read_quoted(std::string_view text);

void append_utf8(std::string& text, char32_t character);
/// The character a text begins with; its length is at least 1, and what is no UTF-8 is U+FFFD.
struct DecodedCharacter {
  char32_t character = 0;
  std::size_t length = 1;
  bool valid = false;
};
DecodedCharacter decode_utf8(std::string_view text) noexcept;

}  // namespace templates
BELLWETHER_NAMESPACE_END
