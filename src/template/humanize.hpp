// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <string>

#include "template/value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

std::string humanize(double value);             ///< 1.235M, 12m
std::string humanize_1024(double value);        ///< 1.5Ki
std::string humanize_duration(double seconds);  ///< 1d 2h 3m 4s, 12.5ms
std::string humanize_percentage(double ratio);  ///< 0.5 is 50%
/// 2015-10-26 13:55:45 +0000 UTC. Errors: out of the years 1678 to 2262.
Result<std::string> humanize_timestamp(double seconds);
/// Milliseconds count. Errors as above.
Result<Time> to_time(double seconds);

/// A number, a text that is one, or a duration in seconds.
Result<double> to_number(const Value& value);
/// "1h30m" of Prometheus, in seconds.
Result<double> duration_seconds(std::string_view text);

/// All small letters or capitals of Latin, Greek and Cyrillic.
std::string to_upper(std::string_view text);
std::string to_lower(std::string_view text);
/// A capital at the beginning of each word.
std::string to_title(std::string_view text);
/// White space at both ends is left out.
std::string trim_space(std::string_view text);

}  // namespace templates
BELLWETHER_NAMESPACE_END
