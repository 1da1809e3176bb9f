// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <optional>
#include <string>

#include "config/alertmanager/matcher_dialects.hpp"
#include "config/prometheus/section_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xc0U | (point >> 6U));
    byte(0x80U | (point & 0x3fU));
  } else if (point < 0x10000) {
    byte(0xe0U | (point >> 12U));
    byte(0x80U | ((point >> 6U) & 0x3fU));
    byte(0x80U | (point & 0x3fU));
  } else {
    byte(0xf0U | (point >> 18U));
    byte(0x80U | ((point >> 12U) & 0x3fU));
    byte(0x80U | ((point >> 6U) & 0x3fU));
    byte(0x80U | (point & 0x3fU));
  }
}

/// Reads left to right; where it stops, it says what was expected there.
class Utf8MatcherReader {
 public:
  explicit Utf8MatcherReader(std::string_view text) : text_(text) {}

  Result<std::vector<LabelMatcher>> read() {
    if (!is_utf8_text(text_)) return Error{"a matcher must be UTF-8"};
    std::vector<LabelMatcher> matchers;
    skip_space();
    const bool braces = take('{');
    while (true) {
      skip_space();
      if (at_ == text_.size() || text_[at_] == '}') break;
      LabelMatcher matcher;
      if (!read_word(matcher.name, "a label name")) return failed_;
      if (!read_sign(matcher.type)) return failed_;
      if (!read_word(matcher.value, "a value")) return failed_;
      matchers.push_back(std::move(matcher));
      skip_space();
      if (!take(',')) break;
    }
    skip_space();
    if (braces && !take('}')) return wrong("a comma or }");
    skip_space();
    if (at_ != text_.size()) return wrong(braces ? "nothing more" : "a comma or the end");
    return matchers;
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  Error wrong(std::string_view expected) {
    failed_ = {"the matcher \"" + std::string(text_.substr(0, 200)) + "\" has at character " + std::to_string(at_ + 1) +
               (at_ == text_.size() ? " its end" : " \"" + std::string(text_.substr(at_, 10)) + "\"") + ", expected " +
               std::string(expected) + ": write it as name=\"value\", with regular expressions in quotes"};
    return failed_;
  }

  bool read_sign(LabelMatcherType& type) {
    skip_space();
    if (take('=')) {
      type = take('~') ? LabelMatcherType::regex : LabelMatcherType::equal;
      return true;
    }
    if (take('!')) {
      const bool equal = take('=');
      if (equal || take('~')) {
        type = equal ? LabelMatcherType::not_equal : LabelMatcherType::not_regex;
        return true;
      }
      --at_;
    }
    wrong("one of = != =~ !~");
    return false;
  }

  bool read_word(std::string& into, std::string_view what) {
    skip_space();
    if (take('"')) return read_quoted(into);
    const std::size_t begin = at_;
    while (at_ < text_.size() && !is_space(text_[at_]) &&
           std::string_view("{}!=~,\\\"'`").find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    into = text_.substr(begin, at_ - begin);
    if (at_ != begin) return true;
    wrong(what);
    return false;
  }

  bool read_quoted(std::string& into) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') break;
      ++at_;
      if (c == '"') return true;
      if (c != '\\') {
        into += c;
      } else if (!read_escape(into)) {
        wrong("an escape of Go's strings");
        return false;
      }
    }
    wrong("a quote that ends the text");
    return false;
  }

  bool read_escape(std::string& into) {
    if (at_ == text_.size()) return false;
    const char c = text_[at_++];
    constexpr std::string_view names = "abfnrtv\\\"";
    constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\\"";
    if (const std::size_t found = names.find(c); found != std::string_view::npos) {
      into += meanings[found];
      return true;
    }
    std::optional<std::uint32_t> number;
    if (c == 'x') {
      number = read_number(2, 16);
      if (number) into += static_cast<char>(*number);
      return number.has_value();
    }
    if (c >= '0' && c <= '7') {
      --at_;
      number = read_number(3, 8);
      if (!number || *number > 0xff) return false;
      into += static_cast<char>(*number);
      return true;
    }
    if (c != 'u' && c != 'U') return false;
    number = read_number(c == 'u' ? 4 : 8, 16);
    if (!number || *number > 0x10ffff || (*number >= 0xd800 && *number < 0xe000)) return false;
    append_utf8(into, *number);
    return true;
  }

  std::optional<std::uint32_t> read_number(std::size_t digits, std::uint32_t base) {
    if (at_ + digits > text_.size()) return std::nullopt;
    std::uint32_t number = 0;
    for (; digits > 0; --digits) {
      const char c = text_[at_++];
      const std::uint32_t digit = c >= '0' && c <= '9'   ? static_cast<std::uint32_t>(c - '0')
                                  : c >= 'a' && c <= 'f' ? static_cast<std::uint32_t>(c - 'a') + 10
                                  : c >= 'A' && c <= 'F' ? static_cast<std::uint32_t>(c - 'A') + 10
                                                         : base;
      if (digit >= base) return std::nullopt;
      number = number * base + digit;
    }
    return number;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Error failed_;
};

}  // namespace

Result<std::vector<LabelMatcher>> parse_utf8_matchers(std::string_view text) {
  Result<std::vector<LabelMatcher>> matchers = Utf8MatcherReader(text).read();
  if (!matchers) return matchers;
  for (const LabelMatcher& matcher : *matchers) {
    if (!is_utf8_text(matcher.name) || !is_utf8_text(matcher.value)) {
      return Error{"the matcher of " + matcher.name + " is no UTF-8 once its escapes are read: write them as \\u"};
    }
  }
  return matchers;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
