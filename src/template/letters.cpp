// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/humanize.hpp"
#include "template/lexer.hpp"
#include "template/literal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

constexpr bool within(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

char32_t upper(char32_t c) {
  if (within(c, 'a', 'z')) return c - 0x20;
  if (c < 0x80) return c;
  if (within(c, 0xE0, 0xFE) && c != 0xF7) return c - 0x20;
  if (c == 0xFF) return 0x178;
  if (within(c, 0x100, 0x137) || within(c, 0x14A, 0x177)) return c == 0x131 ? U'I' : c & ~char32_t{1};
  if (within(c, 0x139, 0x148) || within(c, 0x179, 0x17E)) return c - (c % 2 == 0 ? 1 : 0);
  if (within(c, 0x3B1, 0x3C9)) return c == 0x3C2 ? 0x3A3 : c - 0x20;
  if (within(c, 0x430, 0x44F)) return c - 0x20;
  if (within(c, 0x450, 0x45F)) return c - 0x50;
  return c;
}

char32_t lower(char32_t c) {
  if (within(c, 'A', 'Z')) return c + 0x20;
  if (c < 0x80) return c;
  if (within(c, 0xC0, 0xDE) && c != 0xD7) return c + 0x20;
  if (c == 0x178) return 0xFF;
  if (within(c, 0x100, 0x137) || within(c, 0x14A, 0x177)) return c == 0x130 ? U'i' : c | 1;
  if (within(c, 0x139, 0x148) || within(c, 0x179, 0x17E)) return c + (c % 2 == 1 ? 1 : 0);
  if (within(c, 0x391, 0x3A9) && c != 0x3A2) return c + 0x20;
  if (within(c, 0x410, 0x42F)) return c + 0x20;
  if (within(c, 0x400, 0x40F)) return c + 0x50;
  return c;
}

template <typename Change>
std::string changed(std::string_view text, Change change) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCharacter decoded = decode_utf8(text.substr(at));
    append_utf8(out, change(decoded.character));
    at += decoded.length;
  }
  return out;
}

/// What stands between words: ASCII but letters, digits and _; spaces beyond it.
bool separates(char32_t c) {
  if (c < 0x80) return !is_word_byte(static_cast<char>(c));
  return c == 0x85 || c == 0xA0 || c == 0x1680 || within(c, 0x2000, 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

std::string to_upper(std::string_view text) {
  return changed(text, upper);
}

std::string to_lower(std::string_view text) {
  return changed(text, lower);
}

std::string to_title(std::string_view text) {
  char32_t before = ' ';
  return changed(text, [&before](char32_t c) {
    const bool first = separates(before);
    before = c;
    return first ? upper(c) : c;
  });
}

std::string trim_space(std::string_view text) {
  const auto white = [](char c) { return is_space(c) || c == '\v' || c == '\f'; };
  while (!text.empty() && white(text.front())) text.remove_prefix(1);
  while (!text.empty() && white(text.back())) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
