// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string_view>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

// Each throws `Exception` "<what>: <setting> is <value>; it must be …" where the value is not what it must be. NaN never is.
void require_positive(std::string_view what, std::string_view setting, double value);
void require_within(std::string_view what, std::string_view setting, double value, double least, double most);
/// Above 0 and at most a day: further on, sums of times might overflow.
void require_span(std::string_view what, std::string_view setting, SimTime value, SimTime least = 1);

inline constexpr SimTime longest_span = nanoseconds_per_day;

}  // namespace paper
BELLWETHER_NAMESPACE_END
