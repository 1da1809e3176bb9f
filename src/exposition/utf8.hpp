// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// How many bytes of `text` are well-formed UTF-8 before the first that is not: no overlong forms, no surrogates,
/// nothing above U+10FFFF. Fast on ASCII.
std::size_t valid_utf8_prefix(std::string_view text) noexcept;

inline bool is_utf8(std::string_view text) noexcept {
  return valid_utf8_prefix(text) == text.size();
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
