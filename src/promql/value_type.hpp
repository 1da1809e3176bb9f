// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// What an expression yields. `vector` is PromQL's instant vector, `matrix` its range vector.
enum class ValueType : std::uint8_t { scalar, vector, matrix, string };

/// As Prometheus's messages name them: "scalar", "instant vector", "range vector", "string".
std::string_view describe(ValueType type) noexcept;

}  // namespace promql
BELLWETHER_NAMESPACE_END
