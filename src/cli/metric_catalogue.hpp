// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// One metric of a pack, as its documentation shows it.
struct CatalogueEntry {
  std::string name;
  std::string type;    ///< "counter", "gauge", "histogram"
  std::string labels;  ///< "symbol, side"
  std::string unit;    ///< "seconds", "percent"; empty where it is a plain number
  std::string help;    ///< with the edges of a histogram
};

/// The packs' names, in the order of their folders.
std::vector<std::string> pack_names();

/// What a pack registers, by name. An error for a name that no pack has.
Result<std::vector<CatalogueEntry>> catalogue_of(std::string_view pack);

/// The unit that a metric's name tells by its ending, or, for the documents' names that tell none, that it is known to have.
std::string unit_of(std::string_view name);

/// As a Markdown table, with a newline at the end.
std::string markdown_table(const std::vector<CatalogueEntry>& entries);

/// Between these lines of a page stands the table.
inline constexpr std::string_view table_begin = "<!-- metrics:begin -->";
inline constexpr std::string_view table_end = "<!-- metrics:end -->";

/// The page with its table replaced. An error if it has no markers, or in a wrong order.
Result<std::string> page_with_table(std::string_view page, std::string_view table);

/// The first line in which two pages differ, in words for a person; empty if there is none.
std::string first_difference(std::string_view has, std::string_view should_have);

}  // namespace cli
BELLWETHER_NAMESPACE_END
