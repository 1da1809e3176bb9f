// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/telegram_text.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "notify/receivers/message_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

std::string utf8_of(std::uint32_t point) {
  std::string text;
  if (point < 0x80) return {static_cast<char>(point)};
  const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80U | ((point >> shift) & 0x3FU)); };
  if (point < 0x800) {
    text += static_cast<char>(0xC0U | (point >> 6U));
  } else if (point < 0x10000) {
    text += static_cast<char>(0xE0U | (point >> 12U));
    tail(6);
  } else {
    text += static_cast<char>(0xF0U | (point >> 18U));
    tail(12);
    tail(6);
  }
  tail(0);
  return text;
}

/// What `name` of "&name;" stands for; empty where it is none.
std::string entity(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> named{
      {{"lt", "<"}, {"gt", ">"}, {"amp", "&"}, {"quot", "\""}}};
  for (const auto& [known, text] : named) {
    if (name == known) return std::string(text);
  }
  if (name.size() < 2 || name[0] != '#') return {};
  const bool hexadecimal = name[1] == 'x' || name[1] == 'X';
  const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
  std::uint32_t point = 0;
  const auto [end, failed] =
      std::from_chars(digits.data(), digits.data() + digits.size(), point, hexadecimal ? 16 : 10);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (failed != std::errc{} || end != digits.data() + digits.size() || point == 0 || point > 0x10FFFF || surrogate)
    return {};
  return utf8_of(point);
}

}  // namespace

std::string telegram_plain(std::string_view html) {
  constexpr std::size_t longest_entity = 10;
  std::string text;
  for (std::size_t at = 0; at < html.size(); ++at) {
    if (html[at] == '<') {
      const std::size_t end = html.find('>', at);
      if (end == std::string_view::npos) return text.append(html.substr(at));
      at = end;
    } else if (const std::size_t end = html[at] == '&' ? html.find(';', at) : std::string_view::npos;
               end != std::string_view::npos && end - at <= longest_entity &&
               !entity(html.substr(at + 1, end - at - 1)).empty()) {
      text += entity(html.substr(at + 1, end - at - 1));
      at = end;
    } else {
      text += html[at];
    }
  }
  return text;
}

std::string shorten_utf16(std::string_view text, std::size_t max_units) {
  if (text.size() <= max_units || utf16_units(text) <= max_units) return std::string(text);
  std::size_t units = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    const auto first = static_cast<unsigned char>(text[end]);
    const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    units += bytes == 4 ? 2 : 1;
    if (units + 1 > max_units) break;
    end += bytes;
  }
  return std::string(text.substr(0, end)).append("\xE2\x80\xA6");
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
