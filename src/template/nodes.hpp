// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "template/source_text.hpp"
#include "template/value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

struct Pipeline;

/// One word of a command, with the fields that follow it without a space: `.A.B`, `$x.A`, `(index .A 1).B`, `"text"`.
struct Operand {
  enum class Kind : std::uint8_t { dot, nil, constant, function, variable, pipeline };

  Kind kind = Kind::dot;
  Span span;
  Value constant;
  std::string name;  ///< of a function, or of a variable with its $
  std::shared_ptr<const Pipeline> pipeline;
  std::vector<std::string> fields;
};

/// Words: the first is called, or is the value itself.
struct Command {
  std::vector<Operand> operands;
  Span span;
};

/// `$x, $y := first | second`.
struct Pipeline {
  std::vector<std::string> variables;
  bool assigns = false;  ///< = in place of :=
  std::vector<Command> commands;
  Span span;
};

struct Node {
  enum class Kind : std::uint8_t { text, action, if_, with, range, invoke, break_, continue_ };

  Kind kind = Kind::text;
  Span span;
  std::string text;   ///< of a text; of `template`: the name
  Pipeline pipeline;  ///< of all others; may be empty with `template`
  std::vector<Node> body;
  std::vector<Node> otherwise;
};

/// What stands under one name.
struct Definition {
  std::string name;
  std::shared_ptr<const SourceText> source;
  std::vector<Node> nodes;

  /// Nothing, or white space: does not replace a definition that has more.
  bool empty() const noexcept;
};

}  // namespace templates
BELLWETHER_NAMESPACE_END
