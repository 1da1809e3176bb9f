// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/lexer.hpp"

#include <optional>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

constexpr std::string_view open_mark = "{{";
constexpr std::string_view close_mark = "}}";

class Lexer {
 public:
  explicit Lexer(const SourceText& source) : source_(source), text_(source.text) {}

  Result<std::vector<Token>> run() {
    while (at_ < text_.size()) {
      const std::size_t open = text_.find(open_mark, at_);
      plain_text(open);
      if (open == std::string_view::npos) break;
      at_ = open;
      if (auto problem = action()) return *problem;
    }
    add(TokenKind::end, text_.size(), text_.size());
    return std::move(tokens_);
  }

 private:
  /// Up to the next action, or all that is left.
  void plain_text(std::size_t open) {
    std::size_t begin = at_;
    std::size_t end = open == std::string_view::npos ? text_.size() : open;
    if (trim_next_) {
      while (begin < end && is_space(text_[begin])) ++begin;
    }
    trim_next_ = false;
    if (open != std::string_view::npos && left_trim(open)) {
      while (end > begin && is_space(text_[end - 1])) --end;
    }
    if (end > begin) add(TokenKind::text, begin, end);
    at_ = open == std::string_view::npos ? text_.size() : open;
  }

  bool left_trim(std::size_t open) const {
    return open + 3 < text_.size() && text_[open + 2] == '-' && is_space(text_[open + 3]);
  }

  /// `}}` or ` -}}` at a place, with its length.
  std::size_t close_length(std::size_t place) const {
    if (text_.substr(place).starts_with(close_mark)) return 2;
    if (place < text_.size() && is_space(text_[place]) && text_.substr(place + 1).starts_with("-}}")) return 4;
    return 0;
  }

  std::optional<Error> action() {
    const std::size_t open = at_;
    at_ += left_trim(open) ? 4 : 2;
    if (text_.substr(at_).starts_with("/*")) return comment(open);
    add(TokenKind::open, open, at_);
    int parentheses = 0;
    while (true) {
      const std::size_t before = at_;
      while (at_ < text_.size() && is_space(text_[at_]) && close_length(at_) == 0) ++at_;
      after_space_ = at_ > before;
      if (at_ >= text_.size()) return source_.error(open, "unclosed action: this {{ has no }}");
      if (const std::size_t length = close_length(at_)) {
        if (parentheses > 0) return source_.error(at_, "unclosed left parenthesis: ) expected before }}");
        add(TokenKind::close, at_, at_ + length);
        trim_next_ = length > 2;
        at_ += length;
        return std::nullopt;
      }
      if (auto problem = token(parentheses)) return problem;
    }
  }

  std::optional<Error> comment(std::size_t open) {
    const std::size_t end = text_.find("*/", at_ + 2);
    if (end == std::string_view::npos) return source_.error(open, "unclosed comment: */ expected");
    const std::size_t length = close_length(end + 2);
    if (length == 0) return source_.error(end + 2, "a comment ends its action: }} or \" -}}\" expected after */");
    trim_next_ = length > 2;
    at_ = end + 2 + length;
    return std::nullopt;
  }

  std::optional<Error> token(int& parentheses) {
    const char c = text_[at_];
    switch (c) {
      case '|':
        return one(TokenKind::pipe);
      case ',':
        return one(TokenKind::comma);
      case '=':
        return one(TokenKind::assign);
      case '(':
        ++parentheses;
        return one(TokenKind::left_parenthesis);
      case ')':
        if (--parentheses < 0) return source_.error(at_, "unexpected ): no parenthesis is open");
        return one(TokenKind::right_parenthesis);
      case ':':
        if (!text_.substr(at_).starts_with(":=")) return source_.error(at_, "expected := after :");
        add(TokenKind::declare, at_, at_ + 2);
        at_ += 2;
        return std::nullopt;
      case '"':
      case '\'':
        return quoted(c, c == '"' ? TokenKind::quoted : TokenKind::character);
      case '`':
        return quoted(c, TokenKind::raw);
      case '$':
        return name(TokenKind::variable, at_ + 1);
      case '.':
        if (at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) return number();
        if (at_ + 1 < text_.size() && is_word_byte(text_[at_ + 1])) return name(TokenKind::field, at_ + 1);
        return one(TokenKind::dot);
      default:
        break;
    }
    if (is_digit(c) || c == '+' || c == '-') return number();
    if (is_word_byte(c)) return name(TokenKind::word, at_);
    return source_.error(at_, "unexpected character '" + std::string(1, c) + "' in an action");
  }

  std::optional<Error> one(TokenKind kind) {
    add(kind, at_, at_ + 1);
    ++at_;
    return std::nullopt;
  }

  std::optional<Error> name(TokenKind kind, std::size_t from) {
    std::size_t end = from;
    while (end < text_.size() && is_word_byte(text_[end])) ++end;
    const bool ended = end >= text_.size() || is_space(text_[end]) || close_length(end) != 0 ||
                       std::string_view(".,|:)(").find(text_[end]) != std::string_view::npos;
    if (!ended) {
      return source_.error(end, "unexpected character '" + std::string(1, text_[end]) + "' after \"" +
                                    std::string(text_.substr(at_, end - at_)) + "\": a space is expected");
    }
    add(kind, at_, end);
    if (kind == TokenKind::field) tokens_.back().text.remove_prefix(1);
    at_ = end;
    return std::nullopt;
  }

  std::optional<Error> number() {
    std::size_t end = at_;
    if (text_[end] == '+' || text_[end] == '-') ++end;
    const auto exponent_before = [&] {
      const char last = text_[end - 1];
      const bool hexadecimal = text_.substr(at_, end - at_).find_first_of("xX") != std::string_view::npos;
      return last == 'p' || last == 'P' || (!hexadecimal && (last == 'e' || last == 'E'));
    };
    while (end < text_.size() && (is_word_byte(text_[end]) || text_[end] == '.' ||
                                  ((text_[end] == '+' || text_[end] == '-') && end > at_ && exponent_before()))) {
      ++end;
    }
    add(TokenKind::number, at_, end);
    at_ = end;
    return std::nullopt;
  }

  std::optional<Error> quoted(char quote, TokenKind kind) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) {
      if (kind != TokenKind::raw && text_[end] == '\n') break;
      end += kind != TokenKind::raw && text_[end] == '\\' ? 2 : 1;
    }
    if (end >= text_.size() || text_[end] != quote) {
      return source_.error(at_, kind == TokenKind::raw         ? "unterminated text: ` expected"
                                : kind == TokenKind::character ? "unterminated character: ' expected on the same line"
                                                               : "unterminated text: \" expected on the same line");
    }
    add(kind, at_, end + 1);
    at_ = end + 1;
    return std::nullopt;
  }

  void add(TokenKind kind, std::size_t begin, std::size_t end) {
    tokens_.push_back({kind, {begin, end}, text_.substr(begin, end - begin), after_space_});
    after_space_ = false;
  }

  const SourceText& source_;
  std::string_view text_;
  std::size_t at_ = 0;
  bool trim_next_ = false;
  bool after_space_ = false;
  std::vector<Token> tokens_;
};

}  // namespace

Result<std::vector<Token>> read_tokens(const SourceText& source) {
  return Lexer(source).run();
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
