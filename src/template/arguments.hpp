// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <cstdint>
#include <string>

#include "template/value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// What a function's argument must be; the error says which one is of which type instead. Places count from 0.
///
///     Result<std::string> pattern = text_argument(arguments, 0);
Result<std::string> text_argument(Arguments arguments, std::size_t place);
Result<std::int64_t> integer_argument(Arguments arguments, std::size_t place);
Result<double> real_argument(Arguments arguments, std::size_t place);
Result<List> list_argument(Arguments arguments, std::size_t place);
Result<Map> map_argument(Arguments arguments, std::size_t place);
Result<Time> time_argument(Arguments arguments, std::size_t place);

/// The longest text a function gives.
inline constexpr std::size_t max_text = std::size_t{1} << 20;

Error too_long();

}  // namespace templates
BELLWETHER_NAMESPACE_END
