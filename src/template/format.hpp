// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <string>
#include <string_view>

#include "template/value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// A value as Go's fmt prints it with %v: 1e+06, [a b], map[k:v], <nil>.
std::string to_text(const Value& value);

/// Go's Sprintf. A wrong verb or number of arguments shows in the text, as there: %!d(string=hi). Errors: only a text too long.
Result<std::string> format_text(std::string_view format, Arguments arguments);
/// Go's Sprint: a space between two operands neither of which is a text.
Result<std::string> join_texts(Arguments arguments);

/// Go's FormatFloat: verbs e, E, f, g, G; a precision below 0 is the shortest that reads back as the same.
std::string format_real(double value, char verb, int precision);
/// Go's Quote.
std::string quote_text(std::string_view text);

/// As HTML text or in a quoted attribute.
std::string escape_html(std::string_view text);
std::string escape_javascript(std::string_view text);
/// As a part of a query: a space is a plus.
std::string escape_query(std::string_view text);
/// As a JSON document.
std::string to_json(const Value& value);

}  // namespace templates
BELLWETHER_NAMESPACE_END
