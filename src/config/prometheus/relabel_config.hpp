// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace config {

enum class RelabelAction : std::uint8_t {
  replace,    ///< regex matches: target_label = replacement, both expanded
  keep,       ///< regex does not match: dropped
  drop,       ///< regex matches: dropped
  keepequal,  ///< source differs from target_label's value: dropped
  dropequal,
  hashmod,    ///< target_label = MD5 of the source modulo `modulus`
  labelmap,   ///< each label whose name matches is copied to the expanded replacement
  labeldrop,  ///< labels whose name matches go
  labelkeep,  ///< labels whose name does not match go
  lowercase,  ///< target_label = the source in lower case
  uppercase,
};

/// "replace", "labelmap": as the file writes it.
std::string_view name_of(RelabelAction action) noexcept;

/// One step of relabelling, checked: the regex compiles, the action has what it needs. scrape/relabel.hpp runs it.
struct RelabelConfig {
  std::vector<std::string> source_labels;  ///< their values, joined by the separator, are what the regex sees
  std::string separator = ";";
  std::string regex = "(.*)";  ///< RE2; matches the whole
  std::uint64_t modulus = 0;
  std::string target_label;
  std::string replacement = "$1";  ///< $1, ${1}, ${name}, $$
  RelabelAction action = RelabelAction::replace;

  friend bool operator==(const RelabelConfig&, const RelabelConfig&) = default;
};

}  // namespace config
BELLWETHER_NAMESPACE_END
