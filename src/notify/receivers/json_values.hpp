// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// A text as JSON has it; must be UTF-8 already.
inline boost::json::value json_text(std::string_view text) {
  return boost::json::value(boost::json::string_view(text.data(), text.size()));
}

/// Nothing where it is no object in JSON.
inline std::optional<boost::json::object> parse_object(std::string_view text) {
  boost::system::error_code failed;
  boost::json::value value = boost::json::parse({text.data(), text.size()}, failed);
  if (failed || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

/// The text under that key, or empty.
inline std::string text_at(const boost::json::object& object, std::string_view key) {
  const boost::json::value* const value = object.if_contains({key.data(), key.size()});
  if (value == nullptr || !value->is_string()) return {};
  return {value->get_string().data(), value->get_string().size()};
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
