// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/name_escaping.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "metrics/names.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {
namespace {

struct Character {
  std::uint32_t code_point;
  std::size_t size;
};

/// The first character of valid UTF-8.
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  std::uint32_t code_point = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size && i < text.size(); ++i) code_point = code_point << 6U | (byte(i) & 0x3fU);
  return {code_point, size};
}

bool is_legacy_character(std::uint32_t c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || (!first && c >= '0' && c <= '9');
}

void append_hexadecimal(std::string& out, std::uint32_t value) {
  char buffer[8];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value, 16).ptr);
}

std::string escape(std::string_view name, Escaping escaping, bool legacy, bool colons) {
  if (name.empty() || escaping == Escaping::allow_utf8) return std::string(name);
  if (legacy && escaping != Escaping::dots) return std::string(name);

  std::string out = escaping == Escaping::values ? "U__" : "";
  for (bool first = true; !name.empty(); first = false) {
    const Character character = first_character(name);
    const bool keep = is_legacy_character(character.code_point, first) && (colons || name[0] != ':');
    const char c = name[0];
    switch (escaping) {
      case Escaping::dots:
        if (c == '.') {
          out += "_dot_";
        } else if (keep && c != '_') {
          out += c;
        } else {
          out += "__";
        }
        break;
      case Escaping::values:
        if (c == '_') {
          out += "__";
        } else if (keep) {
          out += c;
        } else {
          out += '_';
          append_hexadecimal(out, character.code_point);
          out += '_';
        }
        break;
      case Escaping::underscores:
      case Escaping::allow_utf8:
        out += keep ? c : '_';
        break;
    }
    name.remove_prefix(std::min(character.size, name.size()));
  }
  return out;
}

}  // namespace

std::string escape_name(std::string_view name, Escaping escaping) {
  return escape(name, escaping, detail::is_legacy_metric_name(name), true);
}

std::string escape_label_name(std::string_view name, Escaping escaping) {
  return escape(name, escaping, detail::is_legacy_label_name(name), false);
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
