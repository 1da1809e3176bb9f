// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/setting_checks.hpp"

#include <fmt/core.h>

#include <bellwether/result.hpp>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

void require_positive(std::string_view what, std::string_view setting, double value) {
  if (std::isfinite(value) && value > 0) return;
  throw Exception(Error{fmt::format("{}: {} is {}; it must be finite and above 0", what, setting, value)});
}

void require_within(std::string_view what, std::string_view setting, double value, double least, double most) {
  if (value >= least && value <= most) return;
  throw Exception(Error{fmt::format("{}: {} is {}; it must lie between {} and {}", what, setting, value, least, most)});
}

void require_span(std::string_view what, std::string_view setting, SimTime value, SimTime least) {
  if (value >= least && value <= longest_span) return;
  throw Exception(
      Error{fmt::format("{}: {} is {} ns; it must lie between {} ns and a day", what, setting, value, least)});
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
