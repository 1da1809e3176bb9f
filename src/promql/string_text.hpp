// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// What a string of PromQL says, or why it says nothing.
struct StringText {
  std::string value;
  const char* problem = nullptr;  ///< null: all is well
  std::size_t problem_at = 0;     ///< byte within the quoted text
};

/// Takes "...", '...' with Go's escapes (\n \t \\ \" \xHH \ooo \uHHHH \UHHHHHHHH ...), and `...` without any. Escapes
/// may name bytes that are no UTF-8; what is written plainly must be UTF-8.
StringText unquote(std::string_view quoted);

/// In double quotes, so that `unquote` gives the same bytes.
std::string quote(std::string_view text);

}  // namespace promql
BELLWETHER_NAMESPACE_END
