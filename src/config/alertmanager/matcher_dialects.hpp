// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "config/alertmanager/label_matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

// The two dialects of label_matcher.hpp, each alone. Regular expressions are not compiled here.

/// Names and values are words without reserved characters, or Go's strings in double quotes; braces come in pairs.
Result<std::vector<LabelMatcher>> parse_utf8_matchers(std::string_view text);

/// Names are of letters, digits, _ and :; a value may be empty, hold spaces, and keeps a \ that escapes nothing.
Result<std::vector<LabelMatcher>> parse_classic_matchers(std::string_view text);

}  // namespace config
BELLWETHER_NAMESPACE_END
