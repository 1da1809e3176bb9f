// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/value.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

const Type& Type::any_list() {
  static const Type type{.name = "[]interface {}", .missing = Missing::nothing, .methods = {}, .text = {}};
  return type;
}

const Type& Type::text_list() {
  static const Type type{.name = "[]string", .missing = Missing::nothing, .methods = {}, .text = {}};
  return type;
}

const Type& Type::any_map() {
  static const Type type{.name = "map[string]interface {}", .missing = Missing::nothing, .methods = {}, .text = {}};
  return type;
}

const Type& Type::text_map() {
  static const Type type{.name = "map[string]string", .missing = Missing::empty_text, .methods = {}, .text = {}};
  return type;
}

Value Value::markup(std::string html) {
  Value value;
  value.content_ = Markup{std::move(html)};
  return value;
}

Value Value::list(List items, const Type& type) {
  std::size_t depth = 0;
  for (const Value& item : items) depth = std::max(depth, item.depth());
  Value value;
  value.content_ = std::make_shared<const ListBody>(ListBody{std::move(items), &type, depth + 1});
  return value;
}

Value Value::map(Map entries, const Type& type) {
  std::size_t depth = 0;
  for (const auto& [key, entry] : entries) depth = std::max(depth, entry.depth());
  Value value;
  value.content_ = std::make_shared<const MapBody>(MapBody{std::move(entries), &type, depth + 1});
  return value;
}

Value Value::function(Function function) {
  Value value;
  value.content_ = std::make_shared<const Function>(std::move(function));
  return value;
}

Value Value::texts(const std::vector<std::string>& items) {
  List list;
  list.reserve(items.size());
  for (const std::string& item : items) list.emplace_back(item);
  return Value::list(std::move(list), Type::text_list());
}

const std::string& Value::text() const noexcept {
  if (const auto* const markup = std::get_if<Markup>(&content_)) return markup->html;
  return *std::get_if<std::string>(&content_);
}

std::size_t Value::depth() const noexcept {
  if (const auto* const list = std::get_if<ListPtr>(&content_)) return (*list)->depth;
  if (const auto* const map = std::get_if<MapPtr>(&content_)) return (*map)->depth;
  return 0;
}

const Type* Value::type() const noexcept {
  if (const auto* const list = std::get_if<ListPtr>(&content_)) return (*list)->type;
  if (const auto* const map = std::get_if<MapPtr>(&content_)) return (*map)->type;
  return nullptr;
}

std::string_view Value::type_name() const noexcept {
  switch (kind()) {
    case Kind::nil:
      return "nil";
    case Kind::boolean:
      return "bool";
    case Kind::integer:
      return "int";
    case Kind::real:
      return "float64";
    case Kind::text:
      return "string";
    case Kind::markup:
      return "template.HTML";
    case Kind::list:
    case Kind::map:
      return type()->name;
    case Kind::function:
      return "func";
    case Kind::time:
      return "time.Time";
    case Kind::duration:
      return "time.Duration";
  }
  return "nil";
}

bool Value::truth() const noexcept {
  switch (kind()) {
    case Kind::nil:
      return false;
    case Kind::boolean:
      return boolean();
    case Kind::integer:
      return integer() != 0;
    case Kind::real:
      return real() != 0;
    case Kind::text:
    case Kind::markup:
      return !text().empty();
    case Kind::list:
      return !items().empty();
    case Kind::map:
      return type()->missing == Type::Missing::refused || !entries().empty();
    case Kind::function:
    case Kind::time:
      return true;
    case Kind::duration:
      return duration().nanoseconds != 0;
  }
  return false;
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
