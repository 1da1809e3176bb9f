// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <compare>
#include <optional>

#include "template/arguments.hpp"
#include "template/comparison.hpp"
#include "template/format.hpp"
#include "template/parser_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

Result<Value> text_result(Result<std::string> text) {
  if (!text) return text.error();
  return Value(std::move(*text));
}

Result<Value> length(Arguments arguments) {
  const Value& value = arguments[0];
  if (value.is_text()) return Value(value.text().size());
  if (value.kind() == Kind::list) return Value(value.items().size());
  if (value.kind() == Kind::map) return Value(value.entries().size());
  return Error{"len of " + (value.is_nil() ? "nil pointer" : "type " + std::string(value.type_name()))};
}

Result<std::size_t> place_in(const Value& index, std::size_t size, bool end_allowed) {
  if (index.kind() != Kind::integer) {
    return Error{"cannot index slice/array with " +
                 (index.is_nil() ? "nil" : "type " + std::string(index.type_name()))};
  }
  const std::int64_t place = index.integer();
  const auto limit = static_cast<std::int64_t>(size) + (end_allowed ? 1 : 0);
  if (place < 0 || place >= limit) return Error{"index out of range: " + std::to_string(place)};
  return static_cast<std::size_t>(place);
}

Result<Value> index(Arguments arguments) {
  Value value = arguments[0];
  for (const Value& key : arguments.subspan(1)) {
    if (value.kind() == Kind::map) {
      if (!key.is_text()) return Error{"a map is indexed by a string, not by " + std::string(key.type_name())};
      const auto found = value.entries().find(key.text());
      if (found != value.entries().end()) {
        value = Value(found->second);
      } else {
        value = value.type()->missing == Type::Missing::empty_text ? Value("") : Value();
      }
      continue;
    }
    if (value.kind() != Kind::list && !value.is_text()) {
      return Error{value.is_nil() ? "index of untyped nil"
                                  : "can't index item of type " + std::string(value.type_name())};
    }
    auto place = place_in(key, value.is_text() ? value.text().size() : value.items().size(), false);
    if (!place) return place.error();
    value = value.is_text() ? Value(static_cast<std::int64_t>(static_cast<unsigned char>(value.text()[*place])))
                            : Value(value.items()[*place]);
  }
  return value;
}

Result<Value> slice(Arguments arguments) {
  const Value& value = arguments[0];
  if (!value.is_text() && value.kind() != Kind::list) {
    return Error{value.is_nil() ? "slice of untyped nil"
                                : "can't slice item of type " + std::string(value.type_name())};
  }
  if (value.is_text() && arguments.size() == 4) return Error{"cannot 3-index slice a string"};
  const std::size_t size = value.is_text() ? value.text().size() : value.items().size();
  std::size_t bounds[2] = {0, size};
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    auto place = place_in(arguments[i], size, true);
    if (!place) return place.error();
    if (i < 3) bounds[i - 1] = *place;
  }
  if (bounds[0] > bounds[1]) {
    return Error{"invalid slice index: " + std::to_string(bounds[0]) + " > " + std::to_string(bounds[1])};
  }
  if (value.is_text()) return Value(value.text().substr(bounds[0], bounds[1] - bounds[0]));
  const auto begin = value.items().begin();
  return Value::list(
      List(begin + static_cast<std::ptrdiff_t>(bounds[0]), begin + static_cast<std::ptrdiff_t>(bounds[1])),
      *value.type());
}

Result<Value> print_format(Arguments arguments) {
  auto format = text_argument(arguments, 0);
  if (!format) return format.error();
  return text_result(format_text(*format, arguments.subspan(1)));
}

Result<Value> print_line(Arguments arguments) {
  std::string text;
  for (const Value& argument : arguments) {
    if (!text.empty()) text += ' ';
    text += to_text(argument);
    if (text.size() > max_text) return too_long();
  }
  return Value(text + "\n");
}

using Escape = std::string (*)(std::string_view);

Function escaping(Escape escape) {
  return {[escape](Arguments arguments) -> Result<Value> {
            auto text = join_texts(arguments);
            if (!text) return text.error();
            return Value(escape(*text));
          },
          1};
}

/// A text that is HTML already stays what it is.
Result<Value> escape_as_html(Arguments arguments) {
  auto text = join_texts(arguments);
  if (!text) return text.error();
  return Value(escape_html(*text));
}

Result<Value> call_value(Arguments arguments) {
  if (arguments[0].kind() != Kind::function) return Error{"call of what is no function"};
  const Function& function = arguments[0].function();
  const Arguments rest = arguments.subspan(1);
  if (rest.size() < function.least || rest.size() > function.most)
    return Error{"wrong number of args for the function"};
  return function.call(rest);
}

Function ordering(bool (*holds)(std::partial_ordering)) {
  return {[holds](Arguments arguments) -> Result<Value> {
            auto order = compare(arguments[0], arguments[1]);
            if (!order) return order.error();
            return Value(holds(*order));
          },
          2, 2};
}

FunctionTable make_table() {
  FunctionTable table;
  table["and"] = {[](Arguments arguments) -> Result<Value> { return arguments.back(); }, 1};
  table["or"] = table["and"];  // both without calls of what comes after, see Executor::short_circuit
  table["not"] = {[](Arguments arguments) -> Result<Value> { return Value(!arguments[0].truth()); }, 1, 1};
  table["len"] = {length, 1, 1};
  table["index"] = {index, 1};
  table["slice"] = {slice, 1, 4};
  table["print"] = {[](Arguments arguments) { return text_result(join_texts(arguments)); }, 0};
  table["printf"] = {print_format, 1};
  table["println"] = {print_line, 0};
  table["html"] = {escape_as_html, 0};
  table["js"] = escaping(escape_javascript);
  table["urlquery"] = escaping(escape_query);
  table["call"] = {call_value, 1};
  table["eq"] = {equal_to_any, 2};
  table["ne"] = {[](Arguments arguments) -> Result<Value> {
                   auto same = equal_to_any(arguments);
                   if (!same) return same;
                   return Value(!same->boolean());
                 },
                 2, 2};
  table["lt"] = ordering([](std::partial_ordering order) { return order < 0; });
  table["le"] = ordering([](std::partial_ordering order) { return order <= 0; });
  table["gt"] = ordering([](std::partial_ordering order) { return order > 0; });
  table["ge"] = ordering([](std::partial_ordering order) { return order >= 0; });
  return table;
}

}  // namespace

const FunctionTable& built_in_functions() {
  static const FunctionTable table = make_table();
  return table;
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
