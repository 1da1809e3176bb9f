// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

// What was probably meant by a word that is wrong where it stands: ` (did you mean "rate"?)`, or nothing.

/// Among functions and aggregations.
std::string suggest_function(std::string_view word);
/// Among what may stand behind an expression: operators and modifiers.
std::string suggest_operator(std::string_view word);

}  // namespace promql
BELLWETHER_NAMESPACE_END
