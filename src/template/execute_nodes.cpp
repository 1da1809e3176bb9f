// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/executor.hpp"
#include "template/format.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

Result<std::string> Executor::run(const Definition& definition, const Value& data) {
  if (auto entered = enter(definition, data); !entered) return entered.error();
  return std::move(output_);
}

Result<void> Executor::enter(const Definition& definition, const Value& data) {
  std::vector<Variable> outer{{"$", data}};
  std::swap(outer, variables_);
  const Definition* const caller = std::exchange(definition_, &definition);
  ++depth_;
  auto flow = nodes(definition.nodes, data);
  --depth_;
  definition_ = caller;
  std::swap(outer, variables_);
  if (!flow) return flow.error();
  return {};
}

Result<Executor::Flow> Executor::nodes(const std::vector<Node>& nodes, const Value& dot) {
  if (nodes.empty()) return Flow::on;
  if (auto nested = nest(nodes.front().span); !nested) return nested.error();
  for (const Node& node : nodes) {
    auto flow = this->node(node, dot);
    if (!flow || *flow != Flow::on) return --nested_, flow;
  }
  --nested_;
  return Flow::on;
}

Result<Executor::Flow> Executor::node(const Node& node, const Value& dot) {
  if (auto spent = spend(node.span); !spent) return spent.error();
  switch (node.kind) {
    case Node::Kind::text:
      if (auto written = write(node.text, node.span); !written) return written.error();
      return Flow::on;
    case Node::Kind::action: {
      auto value = pipeline(node.pipeline, dot);
      if (!value) return value.error();
      if (!node.pipeline.variables.empty()) return Flow::on;
      if (auto printed = print(*value, node.span); !printed) return printed.error();
      return Flow::on;
    }
    case Node::Kind::if_:
    case Node::Kind::with:
      return branch(node, dot);
    case Node::Kind::range:
      return range(node, dot);
    case Node::Kind::invoke:
      if (auto invoked = invoke(node, dot); !invoked) return invoked.error();
      return Flow::on;
    case Node::Kind::break_:
      return Flow::break_;
    case Node::Kind::continue_:
      return Flow::continue_;
  }
  return Flow::on;
}

Result<Executor::Flow> Executor::branch(const Node& node, const Value& dot) {
  const std::size_t scope = variables_.size();
  auto condition = pipeline(node.pipeline, dot);
  if (!condition) return condition.error();
  const bool truth = condition->truth();
  const Value& inner = truth && node.kind == Node::Kind::with ? *condition : dot;
  auto flow = nodes(truth ? node.body : node.otherwise, inner);
  variables_.resize(scope);
  return flow;
}

Result<Executor::Flow> Executor::round(const Node& node, const Value& key, const Value& element) {
  if (auto spent = spend(node.span); !spent) return spent.error();
  const std::size_t scope = variables_.size();
  const bool both = node.pipeline.variables.size() == 2;
  for (std::size_t i = 0; i < node.pipeline.variables.size(); ++i) {
    auto set = set_variable(node.pipeline, i, both && i == 0 ? key : element);
    if (!set) return set.error();
  }
  auto flow = nodes(node.body, element);
  variables_.resize(scope);
  return flow;
}

Result<Executor::Flow> Executor::range(const Node& node, const Value& dot) {
  const std::size_t scope = variables_.size();
  auto value = pipeline(node.pipeline, dot, false);
  if (!value) return value.error();
  bool any = false;
  Flow last = Flow::on;
  std::optional<Error> problem;
  const auto one = [&](const Value& key, const Value& element) {
    any = true;
    auto flow = round(node, key, element);
    if (!flow) {
      problem = flow.error();
      return false;
    }
    last = *flow;
    return last != Flow::break_;
  };
  if (value->kind() == Kind::list) {
    const List& items = value->items();
    for (std::size_t i = 0; i < items.size() && one(Value(i), items[i]);) ++i;
  } else if (value->kind() == Kind::map && value->type()->missing != Type::Missing::refused) {
    for (const auto& [key, entry] : value->entries()) {
      if (!one(Value(key), entry)) break;
    }
  } else if (value->kind() == Kind::integer) {
    for (std::int64_t i = 0; i < value->integer() && one(Value(i), Value(i));) ++i;
  } else if (!value->is_nil()) {
    return error(node.span, "range can't iterate over a " + std::string(value->type_name()));
  }
  if (problem) return *problem;
  if (any) return Flow::on;
  auto flow = nodes(node.otherwise, dot);
  variables_.resize(scope);
  return flow;
}

Result<void> Executor::invoke(const Node& node, const Value& dot) {
  const auto found = set_.definitions().find(node.text);
  if (found == set_.definitions().end()) return error(node.span, "template \"" + node.text + "\" not defined");
  if (depth_ >= options_.limits.depth) {
    return error(node.span, "templates call one another more than " + std::to_string(options_.limits.depth) + " deep");
  }
  Value data;
  if (!node.pipeline.commands.empty()) {
    auto value = pipeline(node.pipeline, dot);
    if (!value) return value.error();
    data = std::move(*value);
  }
  return enter(*found->second, data);
}

bool address_expected(std::string_view output) {
  if (!output.ends_with('"') && !output.ends_with('\'')) return false;
  output.remove_suffix(1);
  return output.ends_with("href=") || output.ends_with("src=");
}

bool harmless_address(std::string_view address) {
  const std::size_t colon = address.find_first_of(":/?#");
  if (colon == std::string_view::npos || address[colon] != ':') return true;
  std::string scheme;
  for (const char c : address.substr(0, colon)) scheme += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return scheme == "http" || scheme == "https" || scheme == "mailto";
}

Result<void> Executor::print(const Value& value, Span span) {
  if (value.is_nil()) return write(options_.escaping == Escaping::html ? "&lt;no value&gt;" : "<no value>", span);
  if (value.kind() == Kind::function) return error(span, "can't print a function: call it");
  const std::string text = to_text(value);
  if (options_.escaping == Escaping::none || value.kind() == Kind::markup) return write(text, span);
  if (address_expected(output_) && !harmless_address(text)) return write("#blocked", span);
  return write(escape_html(text), span);
}

Result<void> Executor::write(std::string_view text, Span span) {
  if (output_.size() + text.size() > options_.limits.output_bytes) {
    return error(span, "the output is longer than " + std::to_string(options_.limits.output_bytes) + " bytes");
  }
  output_ += text;
  return {};
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
