// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// "1609459200", "1609459200.5" or "2021-01-01T00:00:00.5+01:00", in milliseconds since the epoch.
std::optional<std::int64_t> read_start_time(const std::string& text);

}  // namespace rules
BELLWETHER_NAMESPACE_END
