// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "template/arguments.hpp"
#include "template/humanize.hpp"
#include "template/pattern.hpp"
#include "template/value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

template <typename Content>
Result<Value> to_value(Result<Content> result) {
  if (!result) return result.error();
  return Value(std::move(*result));
}

inline Result<Value> to_value(std::string text) {
  return Value(std::move(text));
}
inline Result<Value> to_value(Value value) {
  return value;
}

/// A function of one text.
template <typename Change>
Function of_text(Change change) {
  return {[change](Arguments arguments) -> Result<Value> {
            auto text = text_argument(arguments, 0);
            if (!text) return text.error();
            return to_value(change(*text));
          },
          1, 1};
}

/// A function of one number, however it is written.
template <typename Change>
Function of_number(Change change) {
  return {[change](Arguments arguments) -> Result<Value> {
            auto number = to_number(arguments[0]);
            if (!number) return number.error();
            return to_value(change(*number));
          },
          1, 1};
}

/// What Prometheus and Alertmanager both have.
inline void add_common_functions(FunctionTable& table) {
  table["toUpper"] = of_text(to_upper);
  table["toLower"] = of_text(to_lower);
  table["safeHtml"] = of_text([](std::string text) { return Value::markup(std::move(text)); });
  table["humanizeDuration"] = of_number(humanize_duration);
  table["match"] = {[](Arguments arguments) -> Result<Value> {
                      auto pattern = text_argument(arguments, 0);
                      if (!pattern) return pattern.error();
                      auto text = text_argument(arguments, 1);
                      if (!text) return text.error();
                      return to_value(pattern_found(*pattern, *text));
                    },
                    2, 2};
  table["reReplaceAll"] = {
      [](Arguments arguments) -> Result<Value> {
        for (std::size_t i = 0; i < 3; ++i) {
          if (auto text = text_argument(arguments, i); !text) return text.error();
        }
        return to_value(replace_pattern(arguments[0].text(), arguments[2].text(), arguments[1].text()));
      },
      3, 3};
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
