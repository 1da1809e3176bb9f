// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "template/executor.hpp"
#include "template/methods.hpp"
#include "template/parser_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

/// What a value takes, not counting what lists share.
std::size_t weight(const Value& value) {
  const auto own = [](const Value& one) { return sizeof(Value) + (one.is_text() ? one.text().size() : 0); };
  std::size_t bytes = own(value);
  if (value.kind() == Kind::list) {
    for (const Value& item : value.items()) bytes += own(item);
  } else if (value.kind() == Kind::map) {
    for (const auto& [key, entry] : value.entries()) bytes += key.size() + own(entry);
  }
  return bytes;
}

}  // namespace

Result<void> Executor::spend(Span span) {
  if (++steps_ <= options_.limits.steps) return {};
  return error(span, "more than " + std::to_string(options_.limits.steps) + " steps");
}

Result<void> Executor::nest(Span span) {
  constexpr std::size_t deepest = 1000;
  if (++nested_ <= deepest) return {};
  return error(span, "blocks, parentheses and templates more than 1000 deep");
}

Result<Value> Executor::weigh(Value value, Span span) {
  constexpr std::size_t texts_on_the_way = 64;
  constexpr std::size_t deepest = 100;
  const std::size_t bytes = weight(value);
  bytes_ += bytes;
  const std::size_t most = options_.limits.output_bytes;
  if ((value.is_text() && value.text().size() > most) || bytes_ / texts_on_the_way > most) {
    return error(span, "more texts on the way to the output than " + std::to_string(most) + " bytes allow");
  }
  if (value.depth() > deepest) return error(span, "lists or maps more than 100 deep");
  return value;
}

Result<Value> Executor::pipeline(const Pipeline& pipeline, const Value& dot, bool keep_variables) {
  Value value;
  bool first = true;
  for (const Command& command : pipeline.commands) {
    auto result = this->command(command, dot, first ? nullptr : &value);
    if (!result) return result;
    value = std::move(*result);
    first = false;
  }
  if (keep_variables) {
    for (std::size_t i = 0; i < pipeline.variables.size(); ++i) {
      if (auto set = set_variable(pipeline, i, value); !set) return set.error();
    }
  }
  return value;
}

Result<void> Executor::set_variable(const Pipeline& pipeline, std::size_t place, const Value& value) {
  const std::string& name = pipeline.variables[place];
  if (!pipeline.assigns) {
    variables_.emplace_back(name, value);
    return {};
  }
  const auto found =
      std::find_if(variables_.rbegin(), variables_.rend(), [&](const Variable& entry) { return entry.first == name; });
  if (found == variables_.rend()) return error(pipeline.span, "undefined variable " + name + ": := declares it");
  found->second = value;
  return {};
}

Result<Value> Executor::command(const Command& command, const Value& dot, const Value* final) {
  if (auto spent = spend(command.span); !spent) return spent.error();
  const Operand& first = command.operands.front();
  if (first.kind == Operand::Kind::function && first.fields.empty()) return call_by_name(command, dot, final);
  const bool arguments_given = command.operands.size() > 1 || final != nullptr;
  if (first.kind == Operand::Kind::nil) return error(first.span, "nil is not a command");
  if (first.fields.empty()) {
    if (arguments_given) return error(first.span, "can't give an argument to what is no function");
    return operand(first, dot);
  }
  auto receiver = base(first, dot);
  if (!receiver) return receiver;
  List arguments;
  for (std::size_t i = 1; i < command.operands.size(); ++i) {
    auto argument = operand(command.operands[i], dot);
    if (!argument) return argument;
    arguments.push_back(std::move(*argument));
  }
  if (final != nullptr) arguments.push_back(*final);
  return fields(first, std::move(*receiver), arguments);
}

Result<Value> Executor::operand(const Operand& operand, const Value& dot) {
  auto value = base(operand, dot);
  if (!value || operand.fields.empty()) return value;
  return fields(operand, std::move(*value), {});
}

Result<Value> Executor::base(const Operand& operand, const Value& dot) {
  switch (operand.kind) {
    case Operand::Kind::dot:
      return dot;
    case Operand::Kind::nil:
      return Value();
    case Operand::Kind::constant:
      return operand.constant;
    case Operand::Kind::pipeline: {
      if (auto nested = nest(operand.span); !nested) return nested.error();
      auto value = pipeline(*operand.pipeline, dot);
      --nested_;
      return value;
    }
    case Operand::Kind::variable: {
      const auto found = std::find_if(variables_.rbegin(), variables_.rend(),
                                      [&](const Variable& entry) { return entry.first == operand.name; });
      if (found == variables_.rend()) return error(operand.span, "undefined variable");
      return found->second;
    }
    case Operand::Kind::function: {
      const Command alone{{Operand{Operand::Kind::function, operand.span, {}, operand.name, {}, {}}}, operand.span};
      return call_by_name(alone, dot, nullptr);
    }
  }
  return Value();
}

Result<Value> Executor::fields(const Operand& operand, Value receiver, Arguments arguments) {
  for (std::size_t i = 0; i < operand.fields.size(); ++i) {
    const bool last = i + 1 == operand.fields.size();
    const bool of_nil_data = i == 0 && operand.kind == Operand::Kind::dot;
    auto value = field(operand, receiver, operand.fields[i], of_nil_data, last ? arguments : Arguments());
    if (!value) return value;
    receiver = std::move(*value);
  }
  return receiver;
}

Result<Value> Executor::field(const Operand& operand, const Value& receiver, std::string_view name, bool of_nil_data,
                              Arguments arguments) {
  if (const Function* const method = find_method(receiver, name)) {
    List all{receiver};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return call(operand, name, *method, all);
  }
  const auto about = [&](std::string_view what) { return error(operand.span, std::string(what)); };
  if (receiver.is_nil()) {
    if (of_nil_data) return Value();
    return about("nil pointer evaluating interface {}." + std::string(name));
  }
  const Type* const type = receiver.type();
  if (receiver.kind() != Kind::map) {
    return about("can't evaluate field " + std::string(name) + " in type " + std::string(receiver.type_name()));
  }
  if (!arguments.empty()) return about(std::string(name) + " is not a method but has arguments");
  const auto found = receiver.entries().find(name);
  if (found != receiver.entries().end()) return found->second;
  if (type->missing == Type::Missing::empty_text) return Value("");
  if (type->missing == Type::Missing::nothing) return Value();
  std::string known;
  for (const auto& [key, entry] : receiver.entries()) known += (known.empty() ? "" : ", ") + key;
  for (const auto& [key, method] : type->methods) known += (known.empty() ? "" : ", ") + key;
  return about("can't evaluate field " + std::string(name) + " in type " + std::string(type->name) + "; it has " +
               known);
}

Result<Value> Executor::call_by_name(const Command& command, const Value& dot, const Value* final) {
  const Operand& first = command.operands.front();
  const Function* function = nullptr;
  const auto look = [&](const FunctionTable& table) {
    if (function != nullptr) return;
    if (const auto found = table.find(first.name); found != table.end()) function = &found->second;
  };
  if (options_.functions != nullptr) look(*options_.functions);
  look(set_.functions());
  if (function == nullptr && (first.name == "and" || first.name == "or")) return short_circuit(command, dot, final);
  look(built_in_functions());
  if (function == nullptr) return error(first.span, "function \"" + first.name + "\" not defined");
  List arguments;
  for (std::size_t i = 1; i < command.operands.size(); ++i) {
    auto argument = operand(command.operands[i], dot);
    if (!argument) return argument;
    arguments.push_back(std::move(*argument));
  }
  if (final != nullptr) arguments.push_back(*final);
  if (!function->call) return call_template(first, arguments);
  return call(first, first.name, *function, arguments);
}

Result<Value> Executor::short_circuit(const Command& command, const Value& dot, const Value* final) {
  const Operand& first = command.operands.front();
  const bool until = first.name == "or";
  if (command.operands.size() < 2 && final == nullptr) {
    return error(first.span, "wrong number of args for " + first.name + ": want at least 1 got 0");
  }
  Value value;
  for (std::size_t i = 1; i < command.operands.size(); ++i) {
    auto argument = operand(command.operands[i], dot);
    if (!argument || argument->truth() == until) return argument;
    value = std::move(*argument);
  }
  return final != nullptr ? *final : value;
}

Result<Value> Executor::call(const Operand& operand, std::string_view name, const Function& function,
                             Arguments arguments) {
  if (arguments.size() < function.least || arguments.size() > function.most) {
    const bool exact = function.least == function.most;
    const std::size_t wanted = arguments.size() < function.least ? function.least : function.most;
    return error(operand.span, "wrong number of args for " + std::string(name) + ": want " +
                                   (exact                               ? ""
                                    : arguments.size() < function.least ? "at least "
                                                                        : "at most ") +
                                   std::to_string(wanted) + " got " + std::to_string(arguments.size()));
  }
  for (const Value& argument : arguments) bytes_ += argument.is_text() ? argument.text().size() : 0;
  auto result = function.call(arguments);
  if (!result) return error(operand.span, "error calling " + std::string(name) + ": " + result.error().message);
  return weigh(std::move(*result), operand.span);
}

Result<Value> Executor::call_template(const Operand& operand, Arguments arguments) {
  if (arguments.size() != 2 || !arguments[0].is_text()) {
    return error(operand.span, "tmpl takes the name of a template and its data");
  }
  const auto found = set_.definitions().find(arguments[0].text());
  if (found == set_.definitions().end()) {
    return error(operand.span, "template \"" + arguments[0].text() + "\" not defined");
  }
  if (depth_ >= options_.limits.depth) {
    return error(operand.span,
                 "templates call one another more than " + std::to_string(options_.limits.depth) + " deep");
  }
  std::string outer;
  std::swap(outer, output_);
  auto entered = enter(*found->second, arguments[1]);
  std::swap(outer, output_);
  if (!entered) return entered.error();
  return weigh(Value::markup(std::move(outer)), operand.span);
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
