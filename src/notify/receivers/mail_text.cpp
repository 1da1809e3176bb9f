// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/mail_text.hpp"

#include <algorithm>

#include "notify/receivers/message_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::size_t max_address = 254;
constexpr std::size_t max_line = 76;
constexpr std::size_t max_plain_header = 500;  // beyond it encoded words, which fold

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

void append_hex(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  out += '=';
  out += digits[static_cast<unsigned char>(c) >> 4U];
  out += digits[static_cast<unsigned char>(c) & 15U];
}

std::string trimmed(std::string_view text) {
  constexpr const char* space = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(space);
  return begin == std::string_view::npos ? std::string()
                                         : std::string(text.substr(begin, text.find_last_not_of(space) - begin + 1));
}

/// Splits at commas that stand neither in quotes nor in brackets.
std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  bool bracketed = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (c == '<' && !quoted) bracketed = true;
    if (c == '>' && !quoted) bracketed = false;
    if (c == ',' && !quoted && !bracketed) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

bool is_address(std::string_view address) {
  const std::size_t at = address.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == address.size() ||
      address.find('@', at + 1) != std::string_view::npos) {
    return false;
  }
  constexpr std::string_view forbidden = " <>(),;:\"\\";
  return address.size() <= max_address && is_plain(address) &&
         address.find_first_of(forbidden) == std::string_view::npos;
}

std::string unquoted(const std::string& name) {
  std::string text = trimmed(name);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  text.erase(std::remove(text.begin(), text.end(), '\\'), text.end());
  return one_line(clean_text(text));
}

/// Words of RFC 2047, each a whole number of characters, folded.
std::string encoded_words(std::string_view text) {
  constexpr std::string_view begin = "=?utf-8?q?";
  constexpr std::string_view end = "?=";
  constexpr std::size_t longest = 75;
  std::string out;
  std::string word(begin);
  for (std::size_t at = 0; at < text.size();) {
    std::size_t next = at + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
    std::string character;
    for (const char c : text.substr(at, next - at)) {
      const bool bare = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (c == ' ') {
        character += '_';
      } else if (bare) {
        character += c;
      } else {
        append_hex(character, c);
      }
    }
    if (word.size() + character.size() + end.size() > longest) {
      out.append(word).append(end).append("\r\n ");
      word = begin;
    }
    word += character;
    at = next;
  }
  return out.append(word).append(end);
}

std::string quoted_name(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

}  // namespace

Result<std::vector<MailAddress>> parse_addresses(std::string_view text) {
  std::vector<MailAddress> addresses;
  for (const std::string& part : split_list(text)) {
    const std::string entry = trimmed(part);
    if (entry.empty()) continue;
    MailAddress parsed;
    const std::size_t open = entry.rfind('<');
    if (open != std::string::npos && entry.back() == '>') {
      parsed.name = unquoted(entry.substr(0, open));
      parsed.address = trimmed(std::string_view(entry).substr(open + 1, entry.size() - open - 2));
    } else {
      parsed.address = entry;
    }
    if (!is_address(parsed.address)) {
      return Error{"\"" + shorten(one_line(clean_text(entry)), 80) +
                   "\" is no mail address; write name@host, or \"A name\" <name@host>, separated by commas"};
    }
    addresses.push_back(std::move(parsed));
  }
  return addresses;
}

std::string address_header(const std::vector<MailAddress>& addresses) {
  std::string text;
  for (const MailAddress& entry : addresses) {
    if (!text.empty()) text += ",\r\n ";
    if (entry.name.empty()) {
      text += entry.address;
    } else {
      text += (is_plain(entry.name) && entry.name.size() < max_plain_header ? quoted_name(entry.name)
                                                                            : encoded_words(entry.name)) +
              " <" + entry.address + ">";
    }
  }
  return text;
}

std::string header_text(std::string_view text) {
  const std::string line = one_line(clean_text(text));
  return is_plain(line) && line.size() <= max_plain_header && line.find("=?") == std::string::npos
             ? line
             : encoded_words(line);
}

std::string header_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= max_line && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
  return good ? std::string(name) : std::string();
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::string line;
  const auto end_line = [&] {
    // A space at the end would be lost on the way.
    if (!line.empty() && (line.back() == ' ' || line.back() == '\t')) {
      const char last = line.back();
      line.pop_back();
      if (line.size() + 3 > max_line) {
        out.append(line).append("=\r\n");
        line.clear();
      }
      append_hex(line, last);
    }
    out.append(line).append("\r\n");
    line.clear();
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\r' && at + 1 < text.size() && text[at + 1] == '\n') continue;
    if (c == '\n') {
      end_line();
      continue;
    }
    std::string character;
    if ((c >= 0x20 && c < 0x7F && c != '=') || c == '\t') {
      character = c;
    } else {
      append_hex(character, c);
    }
    if (line.size() + character.size() >= max_line) {
      out.append(line).append("=\r\n");
      line.clear();
    }
    line += character;
  }
  if (!line.empty()) end_line();
  return out;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
