// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// Where in a query, as people count: from 1; columns are bytes, as in Prometheus's messages.
struct LineColumn {
  std::size_t line = 1;
  std::size_t column = 1;

  /// "1:7".
  std::string text() const { return std::to_string(line) + ':' + std::to_string(column); }
};

/// Of the byte at `offset`; behind the end counts as the end.
LineColumn locate(std::string_view query, std::size_t offset) noexcept;

}  // namespace promql
BELLWETHER_NAMESPACE_END
