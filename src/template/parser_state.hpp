// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "template/lexer.hpp"
#include "template/nodes.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// Reads commands out of tokens: what stands between {{ and }}. The parser of nodes (parser.cpp) and this one (parse_pipeline.cpp)
/// share the place and the variables in scope.
class PipelineParser {
 public:
  PipelineParser(const SourceText& source, const FunctionTable& functions, std::vector<Token> tokens)
      : source_(source), functions_(functions), tokens_(std::move(tokens)) {}

  /// Up to }}, which is taken. `context` names the action in errors: "if", "range", "command".
  Result<Pipeline> pipeline(std::string_view context, bool may_be_empty = false);

 protected:
  const Token& peek(std::size_t ahead = 0) const {
    return tokens_[place_ + ahead < tokens_.size() ? place_ + ahead : tokens_.size() - 1];
  }
  const Token& next() {
    const Token& token = peek();
    if (place_ + 1 < tokens_.size()) ++place_;
    return token;
  }
  bool at_word(std::string_view word) const { return peek().kind == TokenKind::word && peek().text == word; }
  Error error(const Token& token, std::string_view message) const { return source_.error(token.span.begin, message); }
  Error unexpected(const Token& token, std::string_view expected) const;

  const SourceText& source_;
  const FunctionTable& functions_;
  std::vector<Token> tokens_;
  std::size_t place_ = 0;
  std::vector<std::string> variables_{"$"};
  std::size_t depth_ = 0;

 private:
  Result<Pipeline> inner_pipeline(std::string_view context, TokenKind until, bool may_be_empty);
  Result<void> declarations(Pipeline& pipeline, std::string_view context);
  Result<Command> command();
  Result<Operand> operand();
  Result<Operand> term();
  Result<Operand> word(const Token& token);
  Result<Operand> parenthesised(const Token& token);
  Result<void> check_stages(const Pipeline& pipeline, std::string_view context, const Token& end) const;
};

/// How deep blocks and parentheses may stand in one another.
inline constexpr std::size_t max_nesting = 200;

/// Built into the language: and, or, not, len, index, slice, print, … (built_in_functions.cpp).
const FunctionTable& built_in_functions();

}  // namespace templates
BELLWETHER_NAMESPACE_END
