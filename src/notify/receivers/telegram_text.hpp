// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// A text in Telegram's HTML without its tags, with &lt; &gt; &amp; &quot; and numeric entities read: what its 4096 are counted on.
std::string telegram_plain(std::string_view html);

/// At most that many UTF-16 units, cut between code points, with "…" where something was cut. Of clean text.
std::string shorten_utf16(std::string_view text, std::size_t max_units);

}  // namespace notify
BELLWETHER_NAMESPACE_END
