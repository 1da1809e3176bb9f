// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/exposition.hpp>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// A name in the quotes that Prometheus 3 puts around what is not a legacy name.
std::string quoted_name(std::string_view name);

/// The name of a family as the text formats write it. A sample's line has three parts: `front`, labels that begin with
/// `{` or `,`, and the rest.
struct Names {
  std::string escaped = {};
  bool quoted = false;  ///< the name stands among the labels
  bool plain = true;    ///< labels can be copied as they were interned

  /// As metadata lines have it.
  std::string metric(std::string_view suffix = {}) const {
    const std::string name = escaped + std::string(suffix);
    return quoted ? quoted_name(name) : name;
  }
  /// The front of sample lines: `name` or `{"name"`.
  std::string front(std::string_view suffix = {}) const { return quoted ? "{" + metric(suffix) : metric(suffix); }
};

Names make_names(std::string_view name, bool legacy, Escaping escaping);

inline constexpr std::string_view total_suffix = "_total";

/// What OpenMetrics calls the family of a counter. Taken from the escaped name, for the sample's name is this and the
/// suffix.
Names without_total(Names names);

}  // namespace exposition
BELLWETHER_NAMESPACE_END
