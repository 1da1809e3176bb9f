// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>

#include "automation/coverage_report.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// The lines of one source file, each with whether any test reached it.
class LineHits {
 public:
  void add(std::uint64_t line, bool hit) {
    const auto [entry, added] = lines_.try_emplace(line, hit);
    if (added) {
      coverage_.lines += 1;
      coverage_.covered += hit ? 1 : 0;
    } else if (hit && !entry->second) {
      entry->second = true;
      coverage_.covered += 1;
    }
  }

  const Coverage& coverage() const noexcept { return coverage_; }

 private:
  std::unordered_map<std::uint64_t, bool> lines_;
  Coverage coverage_;
};

/// A whole text as a number without sign, nothing if it is none or too large.
inline std::optional<std::uint64_t> count_in(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
