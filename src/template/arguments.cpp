// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/arguments.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

Error wrong(Arguments arguments, std::size_t place, std::string_view expected) {
  const Value& value = arguments[place];
  const std::string got = value.is_nil() ? "invalid value" : "wrong type for value";
  return Error{got + "; expected " + std::string(expected) + " as argument " + std::to_string(place + 1) +
               (value.is_nil() ? "" : "; got " + std::string(value.type_name()))};
}

}  // namespace

Result<std::string> text_argument(Arguments arguments, std::size_t place) {
  if (!arguments[place].is_text()) return wrong(arguments, place, "string");
  return arguments[place].text();
}

Result<std::int64_t> integer_argument(Arguments arguments, std::size_t place) {
  const Value& value = arguments[place];
  if (value.kind() == Kind::duration) return value.duration().nanoseconds;
  if (value.kind() != Kind::integer) return wrong(arguments, place, "int");
  return value.integer();
}

Result<double> real_argument(Arguments arguments, std::size_t place) {
  const Value& value = arguments[place];
  if (value.kind() == Kind::integer) return static_cast<double>(value.integer());
  if (value.kind() != Kind::real) return wrong(arguments, place, "float64");
  return value.real();
}

Result<List> list_argument(Arguments arguments, std::size_t place) {
  if (arguments[place].kind() != Kind::list) return wrong(arguments, place, "a list");
  return arguments[place].items();
}

Result<Map> map_argument(Arguments arguments, std::size_t place) {
  if (arguments[place].kind() != Kind::map) return wrong(arguments, place, "a map");
  return arguments[place].entries();
}

Result<Time> time_argument(Arguments arguments, std::size_t place) {
  if (arguments[place].kind() != Kind::time) return wrong(arguments, place, "time.Time");
  return arguments[place].time();
}

Error too_long() {
  return Error{"the text is longer than " + std::to_string(max_text) + " bytes"};
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
