// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/comparison.hpp"

#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

enum class Family : std::uint8_t { nil, boolean, integer, real, text, time, other };

Family family(const Value& value) {
  switch (value.kind()) {
    case Kind::nil:
      return Family::nil;
    case Kind::boolean:
      return Family::boolean;
    case Kind::integer:
    case Kind::duration:
      return Family::integer;
    case Kind::real:
      return Family::real;
    case Kind::text:
    case Kind::markup:
      return Family::text;
    case Kind::time:
      return Family::time;
    default:
      return Family::other;
  }
}

std::int64_t whole(const Value& value) {
  return value.kind() == Kind::duration ? value.duration().nanoseconds : value.integer();
}

Error incompatible(const Value& left, const Value& right) {
  std::string message =
      "incompatible types for comparison: " + std::string(left.type_name()) + " and " + std::string(right.type_name());
  const bool numbers = (left.kind() == Kind::integer && right.kind() == Kind::real) ||
                       (left.kind() == Kind::real && right.kind() == Kind::integer);
  if (numbers) message += " (write 1.0 in place of 1 to compare with a float64)";
  return Error{message};
}

Result<bool> equal(const Value& left, const Value& right) {
  const Family kind = family(left);
  if (kind != family(right)) {
    if (left.is_nil() || right.is_nil()) return false;
    return incompatible(left, right);
  }
  switch (kind) {
    case Family::nil:
      return true;
    case Family::boolean:
      return left.boolean() == right.boolean();
    case Family::integer:
      return whole(left) == whole(right);
    case Family::real:
      return left.real() == right.real();
    case Family::text:
      return left.text() == right.text();
    case Family::time:
      return left.time() == right.time();
    case Family::other:
      break;
  }
  return Error{"non-comparable type " + std::string(left.type_name())};
}

}  // namespace

Result<std::partial_ordering> compare(const Value& left, const Value& right) {
  const Family kind = family(left);
  const bool ordered = kind == Family::integer || kind == Family::real || kind == Family::text;
  if (!ordered) return Error{"invalid type for comparison: " + std::string(left.type_name())};
  if (kind != family(right)) return incompatible(left, right);
  if (kind == Family::integer) return std::partial_ordering(whole(left) <=> whole(right));
  if (kind == Family::real) return left.real() <=> right.real();
  const int order = left.text().compare(right.text());
  return std::partial_ordering(order <=> 0);
}

Result<Value> equal_to_any(Arguments arguments) {
  for (const Value& other : arguments.subspan(1)) {
    auto same = equal(arguments[0], other);
    if (!same) return same.error();
    if (*same) return Value(true);
  }
  return Value(false);
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
