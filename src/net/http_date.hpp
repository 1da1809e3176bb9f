// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// "Thu, 08 Aug 2024 12:00:54 GMT", whatever the locale.
BELLWETHER_API std::string http_date(std::chrono::nanoseconds wall_time);

/// Seconds since the Unix epoch of a date in any of the three forms that RFC 9110 has recipients take:
///
///     Sun, 06 Nov 1994 08:49:37 GMT
///     Sunday, 06-Nov-94 08:49:37 GMT      a year below 70 is one of this century
///     Sun Nov  6 08:49:37 1994
///
/// Nothing when it is another form or no such day or time. That the day of the week fits is not asked. Does not allocate.
BELLWETHER_API std::optional<std::chrono::seconds> parse_http_date(std::string_view text) noexcept;

}  // namespace net
BELLWETHER_NAMESPACE_END
