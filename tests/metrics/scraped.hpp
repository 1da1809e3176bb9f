// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/exposition.hpp>
#include <string>
#include <string_view>

namespace bellwether::test {

/// The value that a scrape shows for a series as it is written in the text format; "absent" if it shows none.
inline std::string value_in(std::string_view text, std::string_view series) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    const std::string_view line = text.substr(begin, end - begin);
    if (line.starts_with(series) && line.size() > series.size() && line[series.size()] == ' ') {
      return std::string(line.substr(series.size() + 1));
    }
    if (end == std::string_view::npos) break;
    begin = end + 1;
  }
  return "absent";
}

inline std::string scraped(const Registry& registry, std::string_view series) {
  return value_in(render(registry), series);
}

inline std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace bellwether::test
