// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "template/alertmanager_functions.hpp"
#include "template/arguments.hpp"
#include "template/format.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

const Type& pair_type() {
  static const Type type{.name = "template.Pair", .missing = Type::Missing::refused, .methods = {}, .text = {}};
  return type;
}

/// The entry of each pair of a list.
Function entries_of_pairs(const char* name) {
  return {[name](Arguments arguments) -> Result<Value> {
            List texts;
            for (const Value& pair : arguments[0].items()) texts.push_back(pair.entries().find(name)->second);
            return Value::list(std::move(texts), Type::text_list());
          },
          1, 1};
}

std::string pairs_text(const Value& pairs) {
  std::string text;
  for (const Value& pair : pairs.items()) {
    if (!text.empty()) text += ", ";
    text += pair.entries().find("Name")->second.text() + "=" + pair.entries().find("Value")->second.text();
  }
  return text;
}

const Type& pair_list_type() {
  static const Type type{.name = "template.Pairs",
                         .missing = Type::Missing::nothing,
                         .methods = {{"Names", entries_of_pairs("Name")}, {"Values", entries_of_pairs("Value")}},
                         .text = pairs_text};
  return type;
}

/// In the order of the names, but `alertname` first.
Value sorted_pairs(const Value& labels) {
  List pairs;
  const auto add = [&](const std::string& name, const Value& value) {
    pairs.push_back(Value::map({{"Name", Value(name)}, {"Value", value}}, pair_type()));
  };
  const Map& entries = labels.entries();
  const auto alertname = entries.find("alertname");
  if (alertname != entries.end()) add(alertname->first, alertname->second);
  for (const auto& [name, value] : entries) {
    if (name != "alertname") add(name, value);
  }
  return Value::list(std::move(pairs), pair_list_type());
}

Result<Value> without(Arguments arguments) {
  auto names = list_argument(arguments, 1);
  if (!names) return names.error();
  Map rest = arguments[0].entries();
  for (std::size_t i = 0; i < names->size(); ++i) {
    auto name = text_argument(*names, i);
    if (!name) return name.error();
    rest.erase(*name);
  }
  return Value::map(std::move(rest), *arguments[0].type());
}

Function through_pairs(const char* method) {
  return {[method](Arguments arguments) -> Result<Value> {
            const Value pairs = sorted_pairs(arguments[0]);
            return pair_list_type().methods.find(method)->second.call(Arguments(&pairs, 1));
          },
          1, 1};
}

/// Alerts with a status.
Function with_status(const char* status) {
  return {[status](Arguments arguments) -> Result<Value> {
            List some;
            for (const Value& alert : arguments[0].items()) {
              const auto found = alert.entries().find("Status");
              if (found != alert.entries().end() && found->second.is_text() && found->second.text() == status) {
                some.push_back(alert);
              }
            }
            return Value::list(std::move(some), *arguments[0].type());
          },
          1, 1};
}

}  // namespace

const Type& label_map_type() {
  static const Type type{
      .name = "template.KV",
      .missing = Type::Missing::empty_text,
      .methods = {{"SortedPairs",
                   {[](Arguments arguments) -> Result<Value> { return sorted_pairs(arguments[0]); }, 1, 1}},
                  {"Names", through_pairs("Names")},
                  {"Values", through_pairs("Values")},
                  {"Remove", {without, 2, 2}}},
      .text = [](const Value& labels) { return pairs_text(sorted_pairs(labels)); }};
  return type;
}

const Type& alert_list_type() {
  static const Type type{.name = "template.Alerts",
                         .missing = Type::Missing::nothing,
                         .methods = {{"Firing", with_status("firing")}, {"Resolved", with_status("resolved")}},
                         .text = {}};
  return type;
}

const Type& alert_type() {
  static const Type type{.name = "template.Alert", .missing = Type::Missing::refused, .methods = {}, .text = {}};
  return type;
}

const Type& message_data_type() {
  static const Type type{.name = "*template.Data", .missing = Type::Missing::refused, .methods = {}, .text = {}};
  return type;
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
