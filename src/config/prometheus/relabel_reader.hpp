// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/prometheus/section_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// What keeps a step of relabelling from working: which key, and what to do.
struct RelabelFault {
  std::string_view key;
  std::string message;
};
std::optional<RelabelFault> relabel_fault(const RelabelConfig& config, NameValidation validation);

/// Reads the list under `key`.
void read_relabel_configs(SectionReader& section, std::string_view key, std::vector<RelabelConfig>& into);

}  // namespace config
BELLWETHER_NAMESPACE_END
