// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <compare>

#include "template/value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// `lt`, `le`, `gt`, `ge`: two integers, two float64 or two texts. As in Go, an integer and a float64 are an error: write 1.0.
Result<std::partial_ordering> compare(const Value& left, const Value& right);

/// `eq`: whether the first equals one of the others.
Result<Value> equal_to_any(Arguments arguments);

}  // namespace templates
BELLWETHER_NAMESPACE_END
