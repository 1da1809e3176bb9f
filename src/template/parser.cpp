// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/parser.hpp"

#include <algorithm>
#include <utility>

#include "template/literal.hpp"
#include "template/parser_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

using Definitions = std::vector<std::shared_ptr<const Definition>>;

class Parser : private PipelineParser {
 public:
  Parser(std::shared_ptr<const SourceText> source, const FunctionTable& functions, std::vector<Token> tokens)
      : PipelineParser(*source, functions, std::move(tokens)), shared_source_(std::move(source)) {
    definitions_.push_back(nullptr);
  }

  Result<Definitions> run() {
    std::vector<Node> nodes;
    while (peek().kind != TokenKind::end) {
      if (peek().kind == TokenKind::open && peek(1).kind == TokenKind::word && peek(1).text == "define") {
        if (auto defined = definition(); !defined) return defined.error();
        continue;
      }
      if (auto read = node(nodes); !read) return read.error();
    }
    definitions_.front() = make(shared_source_->name, std::move(nodes));
    return std::move(definitions_);
  }

 private:
  std::shared_ptr<const Definition> make(std::string name, std::vector<Node> nodes) const {
    return std::make_shared<const Definition>(Definition{std::move(name), shared_source_, std::move(nodes)});
  }

  bool at_end_of_body() const {
    if (peek().kind != TokenKind::open) return false;
    return peek(1).kind == TokenKind::word && (peek(1).text == "end" || peek(1).text == "else");
  }

  /// Up to {{end}} or {{else, which stay.
  Result<std::vector<Node>> body(const Token& begin) {
    std::vector<Node> nodes;
    while (!at_end_of_body()) {
      if (peek().kind == TokenKind::end) {
        return error(begin, "{{end}} expected for this \"" + std::string(begin.text) + "\"; the text ends before it");
      }
      if (auto read = node(nodes); !read) return read.error();
    }
    return nodes;
  }

  Result<void> close(std::string_view after) {
    if (peek().kind != TokenKind::close) return unexpected(peek(), "}} after " + std::string(after));
    next();
    return {};
  }

  Result<void> node(std::vector<Node>& nodes) {
    const Token& first = next();
    if (first.kind == TokenKind::text) {
      nodes.push_back(Node{Node::Kind::text, first.span, std::string(first.text), {}, {}, {}});
      return {};
    }
    const Token& word = peek();
    if (word.kind == TokenKind::word) {
      if (word.text == "if") return control(nodes, Node::Kind::if_);
      if (word.text == "with") return control(nodes, Node::Kind::with);
      if (word.text == "range") return control(nodes, Node::Kind::range);
      if (word.text == "template") return invocation(nodes);
      if (word.text == "block") return block(nodes);
      if (word.text == "break" || word.text == "continue") return jump(nodes);
      if (word.text == "define") return error(word, "unexpected \"define\": it stands outside all blocks only");
      if (word.text == "end") return error(word, "unexpected {{end}}: no block is open");
      if (word.text == "else") return error(word, "unexpected {{else}}: no if, with or range is open");
    }
    auto read = pipeline("command");
    if (!read) return read.error();
    nodes.push_back(Node{Node::Kind::action, read->span, {}, std::move(*read), {}, {}});
    return {};
  }

  /// if, with and range, from the keyword on. `else if` is an if within the else that shares the end.
  Result<void> control(std::vector<Node>& nodes, Node::Kind kind) {
    const Token& keyword = next();
    if (++depth_ > max_nesting) return error(keyword, "more than 200 blocks and parentheses in one another");
    const std::size_t scope = variables_.size();
    auto condition = pipeline(keyword.text);
    if (!condition) return condition.error();
    Node node{kind, condition->span, {}, std::move(*condition), {}, {}};
    loops_ += kind == Node::Kind::range ? 1 : 0;
    auto content = body(keyword);
    loops_ -= kind == Node::Kind::range ? 1 : 0;
    if (!content) return content.error();
    node.body = std::move(*content);
    next();
    if (next().text == "else") {
      const bool chained = (kind == Node::Kind::if_ && at_word("if")) || (kind == Node::Kind::with && at_word("with"));
      if (chained) {
        if (auto read = control(node.otherwise, kind); !read) return read;
        return finish(nodes, std::move(node), scope);
      }
      if (auto closed = close("else"); !closed) return closed;
      auto otherwise = body(keyword);
      if (!otherwise) return otherwise.error();
      node.otherwise = std::move(*otherwise);
      next();
      if (peek().text == "else") return error(peek(), "unexpected second {{else}}: {{end}} expected");
      next();
    }
    if (auto closed = close("end"); !closed) return closed;
    return finish(nodes, std::move(node), scope);
  }

  Result<void> finish(std::vector<Node>& nodes, Node node, std::size_t scope) {
    nodes.push_back(std::move(node));
    variables_.resize(scope);
    --depth_;
    return {};
  }

  Result<void> jump(std::vector<Node>& nodes) {
    const Token& keyword = next();
    if (loops_ == 0) return error(keyword, "{{" + std::string(keyword.text) + "}} outside {{range}}");
    const auto kind = keyword.text == "break" ? Node::Kind::break_ : Node::Kind::continue_;
    nodes.push_back(Node{kind, keyword.span, {}, {}, {}, {}});
    return close(keyword.text);
  }

  Result<std::string> name_of_template(std::string_view keyword) {
    const Token& token = next();
    if (token.kind != TokenKind::quoted && token.kind != TokenKind::raw) {
      return unexpected(token, "the name of a template in quotes after " + std::string(keyword));
    }
    auto name = read_quoted(token.text);
    if (!name) return error(token, name.error().message);
    return name;
  }

  Result<void> invocation(std::vector<Node>& nodes) {
    const Token& keyword = next();
    auto name = name_of_template("template");
    if (!name) return name.error();
    auto data = pipeline("template", true);
    if (!data) return data.error();
    const Span span{keyword.span.begin, data->span.end};
    nodes.push_back(Node{Node::Kind::invoke, span, std::move(*name), std::move(*data), {}, {}});
    return {};
  }

  /// A definition that is used where it stands.
  Result<void> block(std::vector<Node>& nodes) {
    const Token& keyword = next();
    auto name = name_of_template("block");
    if (!name) return name.error();
    auto data = pipeline("block");
    if (!data) return data.error();
    const Span span{keyword.span.begin, data->span.end};
    nodes.push_back(Node{Node::Kind::invoke, span, *name, std::move(*data), {}, {}});
    return defined_body(keyword, std::move(*name));
  }

  Result<void> definition() {
    next();
    const Token& keyword = next();
    auto name = name_of_template("define");
    if (!name) return name.error();
    if (auto closed = close("the name"); !closed) return closed;
    return defined_body(keyword, std::move(*name));
  }

  Result<void> defined_body(const Token& keyword, std::string name) {
    if (++depth_ > max_nesting) return error(keyword, "more than 200 blocks and parentheses in one another");
    std::vector<std::string> outer{"$"};
    std::swap(outer, variables_);
    const std::size_t loops = std::exchange(loops_, 0);
    auto content = body(keyword);
    if (!content) return content.error();
    std::swap(outer, variables_);
    loops_ = loops;
    --depth_;
    next();
    if (peek().text == "else") return error(peek(), "unexpected {{else}} in " + std::string(keyword.text));
    next();
    auto definition = make(std::move(name), std::move(*content));
    const auto same = [&](const auto& other) {
      return other != nullptr && other->name == definition->name && !other->empty();
    };
    if (!definition->empty() && std::any_of(definitions_.begin(), definitions_.end(), same)) {
      return error(keyword, "multiple definition of template \"" + definition->name + "\"");
    }
    definitions_.push_back(std::move(definition));
    return close("end");
  }

  std::shared_ptr<const SourceText> shared_source_;
  Definitions definitions_;
  std::size_t loops_ = 0;
};

}  // namespace

bool Definition::empty() const noexcept {
  return std::all_of(nodes.begin(), nodes.end(), [](const Node& node) {
    return node.kind == Node::Kind::text && node.text.find_first_not_of(" \t\r\n") == std::string::npos;
  });
}

Result<Definitions> parse_source(std::shared_ptr<const SourceText> source, const FunctionTable& functions) {
  constexpr std::size_t longest = std::size_t{1} << 20;
  if (source->text.size() > longest) return Error{source->name + ": a template of more than 1 MiB is refused"};
  auto tokens = read_tokens(*source);
  if (!tokens) return tokens.error();
  return Parser(std::move(source), functions, std::move(*tokens)).run();
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
