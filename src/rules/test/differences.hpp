// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <vector>

#include "rules/test/test_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

// What differs, a line each: "- " is expected and not there, "+ " is there and not expected. Nothing: they are the same, in
// any order.

/// Of two alerts with equal labels only the annotations that differ are shown.
std::vector<std::string> alert_differences(std::vector<ExpectedAlert> expected, std::vector<ExpectedAlert> got);

/// NaN equals NaN. `fuzzy`: the last bits of a number do not count.
std::vector<std::string> sample_differences(std::vector<ExpectedSample> expected, std::vector<ExpectedSample> got,
                                            bool fuzzy);

}  // namespace rules
BELLWETHER_NAMESPACE_END
