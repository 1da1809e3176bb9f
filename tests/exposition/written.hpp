// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/exposition.hpp>
#include <string>

#include "exposition/parsed_metrics.hpp"

namespace bellwether::exposition {

inline constexpr ScrapeFormat text_format{};
inline constexpr ScrapeFormat openmetrics_format{.exposition = Exposition::openmetrics};
inline constexpr ScrapeFormat protobuf_format{.exposition = Exposition::protobuf};
inline constexpr ScrapeFormat all_formats[]{text_format, openmetrics_format, protobuf_format};

/// What is written, without the registry's metrics of itself.
inline std::string written(const Registry& registry, ScrapeFormat format) {
  std::string text;
  const std::string all = render(registry, format);
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = all.find('\n', begin) + 1;
    const std::string line = all.substr(begin, end - begin);
    if (line.find("bellwether_") == std::string::npos) text += line;
    begin = end;
  }
  return text;
}

/// What our own reader makes of it.
inline ParsedMetrics read_back(const Registry& registry, ScrapeFormat format) {
  return parse_exposition(format.content_type(), render(registry, format)).value();
}

}  // namespace bellwether::exposition
