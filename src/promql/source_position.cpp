// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/source_position.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

LineColumn locate(std::string_view query, std::size_t offset) noexcept {
  const std::string_view before = query.substr(0, std::min(offset, query.size()));
  const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t last = before.rfind('\n');
  return {lines + 1, before.size() - (last == std::string_view::npos ? 0 : last + 1) + 1};
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
