// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/url_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

void append_escaped(std::string_view text, std::string_view kept, std::string& out) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || kept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
}

}  // namespace

void append_path_escaped(std::string_view path, std::string& out) {
  append_escaped(path, "-_.~$&+,/:;=@", out);
}

void append_query_escaped(std::string_view text, std::string& out) {
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t space = text.find(' ', start);
    append_escaped(text.substr(start, space == std::string_view::npos ? space : space - start), "-_.~", out);
    if (space == std::string_view::npos) break;
    out += '+';
    start = space + 1;
  }
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
