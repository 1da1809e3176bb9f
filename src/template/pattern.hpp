// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// Whether an RE2 pattern is found anywhere in the text.
Result<bool> pattern_found(std::string_view pattern, std::string_view text);
/// With all that it finds replaced; $1, ${1} and ${name} in the replacement stand for groups, as Go's ReplaceAllString.
Result<std::string> replace_pattern(std::string_view pattern, std::string_view text, std::string_view replacement);

}  // namespace templates
BELLWETHER_NAMESPACE_END
