// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

// Texts of messages: UTF-8 whatever came, counted as the channels count, cut where a reader would cut.

/// The text with U+FFFD for every byte that is no UTF-8, and without control characters but tab and line break.
std::string clean_text(std::string_view text);

/// Code points; UTF-16 units, as Telegram counts. Of clean text.
std::size_t code_points(std::string_view text) noexcept;
std::size_t utf16_units(std::string_view text) noexcept;

/// At most that many code points, the last of them "…" where something was cut. Of clean text.
std::string shorten(std::string_view text, std::size_t max_code_points);
/// The same in bytes: never half a code point.
std::string shorten_bytes(std::string_view text, std::size_t max_bytes);

/// One line: each run of white space is a space.
std::string one_line(std::string_view text);

/// & < > as &amp; &lt; &gt;: what Slack and Telegram ask for; `quotes` as well for attributes of HTML.
std::string escape_markup(std::string_view text, bool quotes = false);

std::string base64(std::string_view bytes);
/// SHA-256 in 64 hexadecimal digits.
std::string sha256_hex(std::string_view text);
/// HMAC-SHA-256 in 64 hexadecimal digits.
std::string hmac_sha256_hex(std::string_view key, std::string_view text);

/// "2026-11-21T09:30:01.25Z"; 0: "0001-01-01T00:00:00Z", as Go writes no time.
std::string rfc3339(std::int64_t milliseconds);
/// "Sat, 21 Nov 2026 09:30:01 +0000".
std::string rfc5322_date(std::int64_t milliseconds);
/// "42 s", "3 min 5 s", "2 h 10 min", "3 d 4 h".
std::string duration_words(std::int64_t milliseconds);

/// Percent-encodes all but letters, digits and -._~.
std::string percent_encode(std::string_view text);

}  // namespace notify
BELLWETHER_NAMESPACE_END
