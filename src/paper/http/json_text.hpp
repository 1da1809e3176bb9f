// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// A JSON string with its quotes. Control characters are escaped; bytes that are not UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

}  // namespace paper
BELLWETHER_NAMESPACE_END
