// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <cstdint>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// "10MB", "1.5GiB", "0": a unit is required but for 0; B, KB, MB, GB, TB, PB, EB (or KiB, ...), each step 1024.
/// Errors: anything else, and what does not fit in 63 bits.
Result<std::uint64_t> parse_byte_size(std::string_view text);

/// As Prometheus prints it: "10MiB", "1MiB512KiB", "0B".
std::string print_byte_size(std::uint64_t bytes);

}  // namespace config
BELLWETHER_NAMESPACE_END
