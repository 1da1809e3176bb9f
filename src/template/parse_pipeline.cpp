// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "template/literal.hpp"
#include "template/parser_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

Error PipelineParser::unexpected(const Token& token, std::string_view expected) const {
  std::string what = "end of the text";
  if (token.kind != TokenKind::end) what = "\"" + std::string(token.text.substr(0, 40)) + "\"";
  if (token.kind == TokenKind::text) what = "text";
  if (token.kind == TokenKind::field) what = "\"." + std::string(token.text.substr(0, 40)) + "\"";
  if (token.kind == TokenKind::close) what = "}}";
  return error(token, "unexpected " + what + ": " + std::string(expected) + " expected");
}

Result<Pipeline> PipelineParser::pipeline(std::string_view context, bool may_be_empty) {
  return inner_pipeline(context, TokenKind::close, may_be_empty);
}

Result<Pipeline> PipelineParser::inner_pipeline(std::string_view context, TokenKind until, bool may_be_empty) {
  Pipeline pipeline;
  pipeline.span.begin = peek().span.begin;
  if (auto declared = declarations(pipeline, context); !declared) return declared.error();
  while (peek().kind != until) {
    auto command = this->command();
    if (!command) return command.error();
    pipeline.commands.push_back(std::move(*command));
    if (peek().kind == TokenKind::pipe) {
      next();  // Go takes one at the end, too
    } else if (peek().kind != until) {
      return unexpected(peek(), until == TokenKind::close ? "| or }}" : "| or )");
    }
  }
  pipeline.span.end = peek().span.begin;
  const Token& end = next();
  if (pipeline.commands.empty() && pipeline.variables.empty() && may_be_empty) return pipeline;
  if (auto checked = check_stages(pipeline, context, end); !checked) return checked.error();
  return pipeline;
}

Result<void> PipelineParser::declarations(Pipeline& pipeline, std::string_view context) {
  std::size_t count = 0;
  if (peek().kind == TokenKind::variable) {
    const TokenKind after = peek(1).kind;
    if (after == TokenKind::declare || after == TokenKind::assign) {
      count = 1;
    } else if (after == TokenKind::comma) {
      if (context != "range") return error(peek(1), "only range declares two variables");
      if (peek(2).kind != TokenKind::variable) return unexpected(peek(2), "a second variable");
      if (peek(3).kind != TokenKind::declare && peek(3).kind != TokenKind::assign) return unexpected(peek(3), ":=");
      count = 2;
    }
  }
  if (count == 0) return {};
  const bool assigns = peek(count == 1 ? 1 : 3).kind == TokenKind::assign;
  pipeline.assigns = assigns;
  for (std::size_t i = 0; i < count; ++i) {
    pipeline.variables.emplace_back(next().text);
    next();
  }
  // As in Go, an assignment to what is not declared fails only when it is reached.
  variables_.insert(variables_.end(), pipeline.variables.begin(), pipeline.variables.end());
  return {};
}

Result<void> PipelineParser::check_stages(const Pipeline& pipeline, std::string_view context, const Token& end) const {
  if (pipeline.commands.empty()) return error(end, "missing value for " + std::string(context));
  for (std::size_t i = 0; i < pipeline.commands.size(); ++i) {
    const Operand& first = pipeline.commands[i].operands.front();
    const bool constant = first.kind == Operand::Kind::constant || first.kind == Operand::Kind::nil ||
                          (first.kind == Operand::Kind::dot && first.fields.empty());
    if (i > 0 && constant) {
      return source_.error(first.span.begin, "non executable command in stage " + std::to_string(i + 1) +
                                                 " of a pipeline: after | stands a function");
    }
  }
  return {};
}

Result<Command> PipelineParser::command() {
  Command command;
  command.span.begin = peek().span.begin;
  do {
    auto operand = this->operand();
    if (!operand) return operand.error();
    command.operands.push_back(std::move(*operand));
    const TokenKind kind = peek().kind;
    if (kind == TokenKind::pipe || kind == TokenKind::close || kind == TokenKind::right_parenthesis) break;
    if (!peek().after_space) return unexpected(peek(), "a space between operands");
  } while (true);
  command.span.end = command.operands.back().span.end;
  return command;
}

Result<Operand> PipelineParser::operand() {
  const std::size_t begin = peek().span.begin;
  auto operand = term();
  if (!operand) return operand;
  while (peek().kind == TokenKind::field && !peek().after_space) {
    if (operand->kind == Operand::Kind::constant || operand->kind == Operand::Kind::nil ||
        (operand->kind == Operand::Kind::dot && operand->fields.empty())) {
      return unexpected(peek(), "no field of a constant, a space");
    }
    operand->fields.emplace_back(next().text);
  }
  operand->span = {begin, tokens_[place_ - 1].span.end};
  return operand;
}

Result<Operand> PipelineParser::term() {
  const Token& token = next();
  Operand operand;
  switch (token.kind) {
    case TokenKind::word:
      return word(token);
    case TokenKind::dot:
      return operand;
    case TokenKind::field:
      operand.fields.emplace_back(token.text);
      return operand;
    case TokenKind::variable:
      if (std::find(variables_.begin(), variables_.end(), token.text) == variables_.end()) {
        return error(token, "undefined variable \"" + std::string(token.text) + "\"");
      }
      operand.kind = Operand::Kind::variable;
      operand.name = token.text;
      return operand;
    case TokenKind::number:
    case TokenKind::character: {
      auto number = token.kind == TokenKind::number ? read_number(token.text) : read_character(token.text);
      if (!number) return error(token, number.error().message);
      operand.kind = Operand::Kind::constant;
      operand.constant = std::move(*number);
      return operand;
    }
    case TokenKind::quoted:
    case TokenKind::raw: {
      auto text = read_quoted(token.text);
      if (!text) return error(token, text.error().message);
      operand.kind = Operand::Kind::constant;
      operand.constant = Value(std::move(*text));
      return operand;
    }
    case TokenKind::left_parenthesis:
      return parenthesised(token);
    default:
      return unexpected(token, "a value or a function");
  }
}

Result<Operand> PipelineParser::word(const Token& token) {
  Operand operand;
  operand.kind = Operand::Kind::constant;
  if (token.text == "true" || token.text == "false") {
    operand.constant = Value(token.text == "true");
    return operand;
  }
  if (token.text == "nil") {
    operand.kind = Operand::Kind::nil;
    return operand;
  }
  static constexpr std::string_view keywords[] = {"block", "break", "continue", "define",   "else",
                                                  "end",   "if",    "range",    "template", "with"};
  if (std::find(std::begin(keywords), std::end(keywords), token.text) != std::end(keywords)) {
    return unexpected(token, "a value or a function");
  }
  operand.kind = Operand::Kind::function;
  operand.name = token.text;
  if (functions_.find(token.text) == functions_.end() &&
      built_in_functions().find(token.text) == built_in_functions().end()) {
    return error(token, "function \"" + operand.name + "\" not defined");
  }
  return operand;
}

Result<Operand> PipelineParser::parenthesised(const Token& token) {
  if (++depth_ > max_nesting) return error(token, "more than 200 blocks and parentheses in one another");
  auto pipeline = inner_pipeline("parenthesized pipeline", TokenKind::right_parenthesis, false);
  --depth_;
  if (!pipeline) return pipeline.error();
  Operand operand;
  operand.kind = Operand::Kind::pipeline;
  operand.pipeline = std::make_shared<const Pipeline>(std::move(*pipeline));
  return operand;
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
