// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. A browser closes a WebSocket over anything else.
/// (That of the exposition is hidden in another shared library.)
bool is_utf8_text(std::string_view text) noexcept;

}  // namespace net
BELLWETHER_NAMESPACE_END
