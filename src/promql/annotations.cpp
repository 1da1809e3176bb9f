// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/annotations.hpp"

#include "exposition/utf8.hpp"
#include "promql/source_position.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

std::string Annotations::at(Place place) const {
  if (query_.empty()) return {};
  return " (" + locate(query_, place.begin).text() + ")";
}

std::string quoted(std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) {
      std::size_t length = 2;
      while (length <= 4 && !exposition::is_utf8(text.substr(i, length))) ++length;
      if (length <= 4 && i + length <= text.size()) {
        out += text.substr(i, length);
        i += length - 1;
        continue;
      }
    }
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += "\\x";
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string for_metric(std::string_view text, std::string_view name) {
  std::string out(text);
  if (!name.empty()) out += " for metric name " + quoted(name);
  return out;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
