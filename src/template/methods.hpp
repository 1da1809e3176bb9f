// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string_view>

#include "template/value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// `.StartsAt.Format`: a method of the value's type, or null. Of times and durations those of Go that templates use.
const Function* find_method(const Value& value, std::string_view name);

}  // namespace templates
BELLWETHER_NAMESPACE_END
