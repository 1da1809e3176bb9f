// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <set>
#include <string>

#include "template/template.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// The labels that the text of a rule reads by name: `$labels.venue`, `.Labels.venue` (where the dot is the alert), `index $labels
/// "venue"`. What it reads of samples that `query` found is not among them.
std::set<std::string> labels_read(const Template& text);

}  // namespace templates
BELLWETHER_NAMESPACE_END
