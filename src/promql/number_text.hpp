// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// A number of PromQL, without sign: `12`, `.5`, `5.`, `1e-3`, `0x1F`, `0755` (octal, as in Prometheus), `1_000`, `Inf`
/// and `NaN` in any case. Underscores stand between digits. Too large a value is an error: write Inf.
Result<double> parse_number(std::string_view text);

/// The shortest text that reads back as the same value, as Prometheus spells it: 0.1, 1e+06, +Inf, NaN. It may begin
/// with a minus.
std::string format_number(double value);

}  // namespace promql
BELLWETHER_NAMESPACE_END
