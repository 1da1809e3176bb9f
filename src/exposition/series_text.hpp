// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exposition/text_names.hpp"
#include "metrics/family_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// `{name="value"` or, behind other labels, `,name="value"`.
void append_label(std::string& labels, const Names& names, Escaping escaping, std::string_view name,
                  std::string_view value);

/// The labels of a row, without the closing brace.
void append_row_labels(std::string& labels, const detail::FamilyState& family, const std::uint32_t* words,
                       const Names& names, Escaping escaping);

/// `name="state"` for each state of a state set.
std::vector<std::string> state_labels(const detail::FamilyDescription& about, Escaping escaping);

/// All that stands before the value in the lines of a counter, a gauge or a state set, which has a line for each state.
std::vector<std::string> line_fronts(const detail::FamilyState& family, const std::uint32_t* words, Escaping escaping);

}  // namespace exposition
BELLWETHER_NAMESPACE_END
