// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// A JSON string with its quotes. Control characters are escaped; bytes that are not UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

/// The shortest form that reads back the same; null for what JSON has no number for (NaN, infinities).
std::string json_number(double value);

/// Writes an object, member by member:
///
///     JsonObject{}.add("symbol", "BTCUSDT").add("price", 61837.63).add("beta", std::optional<double>{}).text()
///     {"symbol":"BTCUSDT","price":61837.63,"beta":null}
///
/// Names are written as given: they are ours.
class JsonObject {
 public:
  JsonObject& add(std::string_view name, std::string_view value) { return add_json(name, json_string(value)); }
  JsonObject& add(std::string_view name, const char* value) { return add(name, std::string_view{value}); }
  template <std::same_as<bool> Value>
  JsonObject& add(std::string_view name, Value value) {
    return add_json(name, value ? "true" : "false");
  }
  template <std::integral Value>
  requires(!std::same_as<Value, bool>) JsonObject& add(std::string_view name, Value value) {
    return add_json(name, std::to_string(value));
  }
  JsonObject& add(std::string_view name, double value) { return add_json(name, json_number(value)); }
  JsonObject& add(std::string_view name, const std::optional<double>& value);
  /// A value that is JSON already.
  JsonObject& add_json(std::string_view name, std::string_view json);

  std::string text() const { return text_ + '}'; }

 private:
  std::string text_ = "{";
};

/// `[a,b,c]` of what `describe` makes of each.
template <typename List, typename Describe>
std::string json_array(const List& list, Describe&& describe) {
  std::string text = "[";
  for (const auto& each : list) {
    if (text.size() > 1) text += ',';
    text += describe(each);
  }
  return text + ']';
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
