// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "template/nodes.hpp"
#include "template/template.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// Renders one definition on one value. For one rendering, one thread.
class Executor {
 public:
  Executor(const TemplateSet& set, const RenderOptions& options) : set_(set), options_(options) {}

  Result<std::string> run(const Definition& definition, const Value& data);

 private:
  enum class Flow : std::uint8_t { on, break_, continue_ };
  using Variable = std::pair<std::string_view, Value>;

  // execute_nodes.cpp
  Result<Flow> nodes(const std::vector<Node>& nodes, const Value& dot);
  Result<Flow> node(const Node& node, const Value& dot);
  Result<Flow> branch(const Node& node, const Value& dot);
  Result<Flow> range(const Node& node, const Value& dot);
  Result<Flow> round(const Node& node, const Value& key, const Value& element);
  Result<void> invoke(const Node& node, const Value& dot);
  Result<void> enter(const Definition& definition, const Value& data);
  Result<void> print(const Value& value, Span span);
  Result<void> write(std::string_view text, Span span);

  // evaluate.cpp
  Result<Value> pipeline(const Pipeline& pipeline, const Value& dot, bool keep_variables = true);
  Result<Value> command(const Command& command, const Value& dot, const Value* final);
  Result<Value> operand(const Operand& operand, const Value& dot);
  Result<Value> base(const Operand& operand, const Value& dot);
  Result<Value> fields(const Operand& operand, Value receiver, Arguments arguments);
  Result<Value> field(const Operand& operand, const Value& receiver, std::string_view name, bool of_nil_data,
                      Arguments arguments);
  Result<Value> call_by_name(const Command& command, const Value& dot, const Value* final);
  Result<Value> short_circuit(const Command& command, const Value& dot, const Value* final);
  Result<Value> call(const Operand& operand, std::string_view name, const Function& function, Arguments arguments);
  Result<Value> call_template(const Operand& operand, Arguments arguments);
  Result<void> set_variable(const Pipeline& pipeline, std::size_t place, const Value& value);
  Result<void> spend(Span span);
  Result<void> nest(Span span);
  Result<Value> weigh(Value value, Span span);
  Error error(Span span, std::string_view message) const { return definition_->source->error(span, message); }

  const TemplateSet& set_;
  const RenderOptions& options_;
  const Definition* definition_ = nullptr;
  std::vector<Variable> variables_;
  std::size_t steps_ = 0;
  std::size_t bytes_ = 0;   ///< of all values that functions took and gave
  std::size_t depth_ = 0;   ///< of templates
  std::size_t nested_ = 0;  ///< of blocks and parentheses too: what the stack holds
  std::string output_;
};

/// The text that an address in an attribute href or src becomes where `output` stands in front of it.
bool address_expected(std::string_view output);
bool harmless_address(std::string_view address);

}  // namespace templates
BELLWETHER_NAMESPACE_END
