// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/prometheus/yaml_writer.hpp"

#include <algorithm>
#include <array>

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

bool is_plain_text(std::string_view text) {
  constexpr std::array<std::string_view, 10> meanings{"true", "false", "yes", "no", "on",
                                                      "off",  "null",  "y",   "n",  "nan"};
  if (text.empty() || text.back() == ':') return false;
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '/';
  };
  if (!is_letter(text[0])) return false;
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (std::find(meanings.begin(), meanings.end(), lower) != meanings.end()) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '$' || c == '(' ||
           c == ')' || c == '*' || c == '+' || c == ';' || c == '=' || c == '<' || c == '>';
  });
}

std::string scalar(std::string_view text) {
  if (is_plain_text(text)) return std::string(text);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

void YamlWriter::begin_line() {
  // The dash of an element stands where its keys would, two columns before them.
  out_.append(2 * static_cast<std::size_t>(item_ ? depth_ - 1 : depth_), ' ');
  if (item_) out_ += "- ";
  item_ = false;
}

void YamlWriter::open(std::string_view key) {
  begin_line();
  out_ += scalar(key);
  out_ += ":\n";
  ++depth_;
}

void YamlWriter::text(std::string_view key, std::string_view value) {
  plain(key, scalar(value));
}

void YamlWriter::plain(std::string_view key, std::string_view value) {
  begin_line();
  out_ += scalar(key);
  out_ += ": ";
  out_ += value;
  out_ += '\n';
}

void YamlWriter::entry(std::string_view value) {
  item_ = true;
  begin_line();
  out_ += scalar(value);
  out_ += '\n';
}

}  // namespace config
BELLWETHER_NAMESPACE_END
