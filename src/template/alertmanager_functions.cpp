// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/alertmanager_functions.hpp"

#include <utility>

#include "template/format.hpp"
#include "template/function_makers.hpp"
#include "template/methods.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

Result<Value> join_list(Arguments arguments) {
  auto separator = text_argument(arguments, 0);
  if (!separator) return separator.error();
  auto items = list_argument(arguments, 1);
  if (!items) return items.error();
  std::string text;
  for (std::size_t i = 0; i < items->size(); ++i) {
    auto item = text_argument(*items, i);
    if (!item) return item.error();
    if (i > 0) text += *separator;
    text += *item;
    if (text.size() > max_text) return too_long();
  }
  return Value(std::move(text));
}

Result<std::string> unescape_url(const std::string& text) {
  std::string out;
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char small = static_cast<char>(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return Error{"invalid URL escape " + quote_text(text.substr(i, 3))};
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

Result<Value> list_of_texts(Arguments arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (auto text = text_argument(arguments, i); !text) return text.error();
  }
  return Value::list(List(arguments.begin(), arguments.end()), Type::text_list());
}

Result<Value> append(Arguments arguments) {
  auto items = list_argument(arguments, 0);
  if (!items) return items.error();
  items->insert(items->end(), arguments.begin() + 1, arguments.end());
  return Value::list(std::move(*items), *arguments[0].type());
}

Result<Value> dictionary(Arguments arguments) {
  if (arguments.size() % 2 != 0) return Error{"dict takes pairs of a key and a value"};
  Map map;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    auto key = text_argument(arguments, i);
    if (!key) return key.error();
    map.insert_or_assign(std::move(*key), arguments[i + 1]);
  }
  return Value::map(std::move(map));
}

Result<Value> date(Arguments arguments) {
  auto layout = text_argument(arguments, 0);
  if (!layout) return layout.error();
  auto time = time_argument(arguments, 1);
  if (!time) return time.error();
  return Value(time->format(*layout));
}

Result<Value> in_time_zone(Arguments arguments) {
  auto zone = text_argument(arguments, 0);
  if (!zone) return zone.error();
  auto time = time_argument(arguments, 1);
  if (!time) return time.error();
  return to_value(time->in_zone(*zone));
}

Result<Value> unbound(Arguments /*arguments*/) {
  return Error{"there is no time here: nothing is rendered"};
}

FunctionTable make_table() {
  FunctionTable table;
  add_common_functions(table);
  table["title"] = of_text([](const std::string& text) { return to_title(to_lower(text)); });
  table["trimSpace"] = of_text(trim_space);
  table["join"] = {join_list, 2, 2};
  table["safeUrl"] = of_text([](const std::string& text) { return Value::markup(escape_html(text)); });
  table["urlUnescape"] = of_text(unescape_url);
  table["stringSlice"] = {list_of_texts, 0};
  table["date"] = {date, 2, 2};
  table["tz"] = {in_time_zone, 2, 2};
  table["since"] = {unbound, 1, 1};
  table["now"] = {unbound, 0, 0};
  table["toJson"] = {[](Arguments arguments) -> Result<Value> { return Value(to_json(arguments[0])); }, 1, 1};
  table["list"] = {
      [](Arguments arguments) -> Result<Value> { return Value::list(List(arguments.begin(), arguments.end())); }, 0};
  table["append"] = {append, 1};
  table["dict"] = {dictionary, 0};
  return table;
}

}  // namespace

std::shared_ptr<const FunctionTable> alertmanager_functions() {
  static const auto table = std::make_shared<const FunctionTable>(make_table());
  return table;
}

FunctionTable bind_alertmanager_functions(std::int64_t now_ms) {
  const Value now{Time::from_milliseconds(now_ms)};
  FunctionTable table;
  table["now"] = {[now](Arguments) -> Result<Value> { return Value(now); }, 0, 0};
  table["since"] = {[now](Arguments arguments) -> Result<Value> {
                      auto time = time_argument(arguments, 0);
                      if (!time) return time.error();
                      const Value both[] = {now, arguments[0]};
                      return find_method(now, "Sub")->call(both);
                    },
                    1, 1};
  return table;
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
