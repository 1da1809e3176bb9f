// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/label_reader.hpp"

#include <algorithm>
#include <array>

#include "exposition/utf8.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {
namespace {

constexpr std::size_t npos = std::string_view::npos;

enum CharacterClass : unsigned char { name_start = 1, digit = 2, colon = 4, quote_stop = 8, brace_stop = 16 };

constexpr std::array<unsigned char, 256> make_classes() {
  std::array<unsigned char, 256> classes{};
  for (int c = 'a'; c <= 'z'; ++c) classes[static_cast<std::size_t>(c)] = name_start;
  for (int c = 'A'; c <= 'Z'; ++c) classes[static_cast<std::size_t>(c)] = name_start;
  for (int c = '0'; c <= '9'; ++c) classes[static_cast<std::size_t>(c)] = digit;
  classes['_'] = name_start;
  classes[':'] = colon;
  classes['"'] = quote_stop | brace_stop;
  classes['\\'] = quote_stop;
  classes['\n'] = quote_stop | brace_stop;
  classes['}'] = brace_stop;
  return classes;
}

constexpr std::array<unsigned char, 256> classes = make_classes();

unsigned char class_of(char c) noexcept {
  return classes[static_cast<unsigned char>(c)];
}

}  // namespace

std::size_t plain_name_length(std::string_view text, bool colons) noexcept {
  const int start = name_start | (colons ? colon : 0);
  if (text.empty() || (class_of(text[0]) & start) == 0) return 0;
  std::size_t length = 1;
  while (length < text.size() && (class_of(text[length]) & (start | digit)) != 0) ++length;
  return length;
}

std::size_t quoted_end(std::string_view text, std::size_t at) noexcept {
  for (++at; at < text.size(); ++at) {
    if ((class_of(text[at]) & quote_stop) == 0) continue;
    if (text[at] == '"') return at + 1;
    if (text[at] == '\n') return npos;
    ++at;  // a backslash: whatever follows it does not end the string, but a line does
    if (at < text.size() && text[at] == '\n') return npos;
  }
  return npos;
}

std::size_t braces_end(std::string_view text, std::size_t at) noexcept {
  ++at;
  while (at < text.size()) {
    if ((class_of(text[at]) & brace_stop) == 0) {
      ++at;
    } else if (text[at] == '"') {
      at = quoted_end(text, at);
      if (at == npos) return npos;
    } else {
      return text[at] == '}' ? at + 1 : npos;
    }
  }
  return npos;
}

void unescape(std::string_view escaped, bool quotes, std::string& out) {
  while (!escaped.empty()) {
    const std::size_t backslash = escaped.find('\\');
    out.append(escaped.substr(0, backslash));
    if (backslash == npos) return;
    escaped.remove_prefix(backslash + 1);
    const char next = escaped.empty() ? '\0' : escaped.front();
    if (next == 'n') {
      out += '\n';
    } else if (next == '\\' || (quotes && next == '"')) {
      out += next;
    } else {
      out += '\\';
      continue;
    }
    escaped.remove_prefix(1);
  }
}

std::string_view repeated_name(std::span<const LabelView> labels, std::vector<std::string_view>& buffer) {
  constexpr std::size_t few = 12;
  if (labels.size() <= few) {  // comparing each with each beats sorting
    for (std::size_t i = 1; i < labels.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (labels[i].name == labels[k].name) return labels[i].name;
      }
    }
    return {};
  }
  buffer.clear();
  for (const LabelView& label : labels) buffer.push_back(label.name);
  std::sort(buffer.begin(), buffer.end());
  const auto found = std::adjacent_find(buffer.begin(), buffer.end());
  return found == buffer.end() ? std::string_view{} : *found;
}

std::size_t LabelReader::skip_blanks(std::size_t at) const noexcept {
  if (!syntax_.blanks) return at;
  while (at < text_.size() && (text_[at] == ' ' || text_[at] == '\t')) ++at;
  return at;
}

std::string_view LabelReader::unquote(std::size_t begin, std::size_t end) {
  const std::string_view raw = text_.substr(begin + 1, end - begin - 2);
  if (raw.find('\\') == npos) return raw;
  // What is unescaped is never longer, so that one reservation keeps all views into the buffer good.
  unescaped_.reserve(text_.size());
  const std::size_t start = unescaped_.size();
  unescape(raw, true, unescaped_);
  return std::string_view(unescaped_).substr(start);
}

std::optional<Problem> LabelReader::read(std::string_view text, Syntax syntax) {
  text_ = text;
  syntax_ = syntax;
  labels_.clear();
  unescaped_.clear();
  if (const std::size_t valid = valid_utf8_prefix(text); valid != text.size()) return Problem{valid, "valid UTF-8"};

  const std::size_t name_length = syntax.exemplar ? 0 : plain_name_length(text, true);
  name_ = text.substr(0, name_length);
  const std::size_t at = skip_blanks(name_length);
  if (at == text.size() && name_length != 0) return std::nullopt;
  if (at == text.size() || text[at] != '{') return Problem{at, "'{'"};
  if (auto problem = read_braces(at)) return problem;
  if (name_.empty() && !syntax.exemplar) {
    return Problem{0, R"(a metric name, before the braces or quoted as the first thing in them: {"name"})"};
  }
  const std::string_view twice = repeated_name(labels_, sorted_names_);
  if (twice.empty()) return std::nullopt;
  constexpr std::size_t shown = 64;
  return Problem{0, "each label once, not \"" + std::string(twice.substr(0, shown)) + "\" twice"};
}

std::optional<Problem> LabelReader::read_braces(std::size_t at) {
  const auto peek = [this](std::size_t i) { return i < text_.size() ? text_[i] : '\0'; };
  at = skip_blanks(at + 1);
  while (peek(at) != '}') {
    const std::size_t name_begin = at;
    const bool quoted = peek(at) == '"';
    std::string_view name;
    if (quoted) {
      const std::size_t end = quoted_end(text_, at);
      if (end == npos) return Problem{at, "a closing '\"'"};
      name = unquote(at, end);
      at = end;
      if (name.empty()) return Problem{name_begin, "a name that is not empty"};
    } else {
      name = text_.substr(at, plain_name_length(text_.substr(at), false));
      if (name.empty()) return Problem{at, "a label name or '}'"};
      at += name.size();
    }
    at = skip_blanks(at);

    if (quoted && (peek(at) == ',' || peek(at) == '}')) {  // a quoted metric name
      if (syntax_.exemplar || !name_.empty())
        return Problem{at, "'=' and a label value (the metric has a name already)"};
      name_ = name;
    } else {
      if (peek(at) != '=') return Problem{at, "'='"};
      at = skip_blanks(at + 1);
      if (peek(at) != '"') return Problem{at, "a label value in double quotes"};
      const std::size_t end = quoted_end(text_, at);
      if (end == npos) return Problem{at, "a closing '\"'"};
      if (name == "__name__") return Problem{name_begin, "a label name other than __name__"};
      labels_.push_back({name, unquote(at, end)});
      at = skip_blanks(end);
    }
    if (peek(at) == ',') {
      at = skip_blanks(at + 1);
    } else if (peek(at) != '}') {
      return Problem{at, "',' or '}'"};
    }
  }
  if (at + 1 != text_.size()) return Problem{at + 1, "nothing after '}'"};
  return std::nullopt;
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
