// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <cstdio>

#include "template/arguments.hpp"
#include "template/format.hpp"
#include "template/literal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

template <typename... Numbers>
std::string spelled(const char* format, Numbers... numbers) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), format, numbers...);
  return text.data();
}

/// Space, line and paragraph separators, byte order mark, C1 and the like: shown as escapes.
bool printable(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA1)) return false;
  return c != 0xAD && c != 0x2028 && c != 0x2029 && c != 0xFEFF && !(c >= 0xE000 && c < 0xF900) && c < 0xE0000 &&
         !(c >= 0x2000 && c < 0x2010) && c != 0x3000 && c != 0x202F && c != 0x205F;
}

void quote_json(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCharacter decoded = decode_utf8(text.substr(at));
    const char32_t c = decoded.character;
    if (!decoded.valid) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\b') {
      out += "\\b";
    } else if (c == '\f') {
      out += "\\f";
    } else if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029) {
      out += spelled("\\u%04x", static_cast<unsigned>(c));
    } else {
      out += text.substr(at, decoded.length);
    }
    at += decoded.length;
  }
  out += '"';
}

/// The key of a struct's field: its Go name with a small first letter.
std::string json_key(std::string name) {
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] | 0x20);
  return name;
}

void write_json(std::string& out, const Value& value) {
  if (out.size() > max_text) return;
  bool first = true;
  const auto separate = [&] {
    if (!first) out += ',';
    first = false;
  };
  switch (value.kind()) {
    case Kind::nil:
    case Kind::function:
      out += "null";
      return;
    case Kind::boolean:
      out += value.boolean() ? "true" : "false";
      return;
    case Kind::integer:
      out += std::to_string(value.integer());
      return;
    case Kind::real:
      if (!std::isfinite(value.real())) {
        out += "null";
      } else {
        const double magnitude = std::fabs(value.real());
        const bool scientific = magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21);
        out += format_real(value.real(), scientific ? 'e' : 'f', -1);
      }
      return;
    case Kind::text:
    case Kind::markup:
      return quote_json(out, value.text());
    case Kind::list:
      out += '[';
      for (const Value& item : value.items()) {
        separate();
        write_json(out, item);
        if (out.size() > max_text) return;
      }
      out += ']';
      return;
    case Kind::map:
      out += '{';
      for (const auto& [key, entry] : value.entries()) {
        separate();
        quote_json(out, value.type()->missing == Type::Missing::refused ? json_key(key) : key);
        out += ':';
        write_json(out, entry);
        if (out.size() > max_text) return;
      }
      out += '}';
      return;
    case Kind::time:
      return quote_json(out, value.time().format("2006-01-02T15:04:05.999999999Z07:00"));
    case Kind::duration:
      out += std::to_string(value.duration().nanoseconds);
      return;
  }
}

}  // namespace

std::string quote_text(std::string_view text) {
  static constexpr std::string_view controls = "\a\b\f\n\r\t\v";
  static constexpr std::string_view letters = "abfnrtv";
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCharacter decoded = decode_utf8(text.substr(at));
    const char32_t c = decoded.character;
    if (!decoded.valid) {
      out += spelled("\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(text[at])));
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (const std::size_t place = c < 0x20 ? controls.find(static_cast<char>(c)) : std::string_view::npos;
               place != std::string_view::npos) {
      out += '\\';
      out += letters[place];
    } else if (printable(c)) {
      out += text.substr(at, decoded.length);
    } else {
      out += c < 0x80      ? spelled("\\x%02x", static_cast<unsigned>(c))
             : c < 0x10000 ? spelled("\\u%04x", static_cast<unsigned>(c))
                           : spelled("\\U%08x", static_cast<unsigned>(c));
    }
    at += decoded.length;
  }
  return out + '"';
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&#34;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\0':
        out += "\xEF\xBF\xBD";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string escape_javascript(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCharacter decoded = decode_utf8(text.substr(at));
    const char32_t c = decoded.character;
    if (c == '\\' || c == '\'' || c == '"') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == '=' || (decoded.valid && !printable(c))) {
      out += spelled("\\u%04X", static_cast<unsigned>(c));
    } else {
      out += text.substr(at, decoded.length);
    }
    at += decoded.length;
  }
  return out;
}

std::string escape_query(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += spelled("%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

std::string to_json(const Value& value) {
  std::string out;
  write_json(out, value);
  return out;
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
