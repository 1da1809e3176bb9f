// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "config/yaml_document.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// An error of PromQL's parser ("1:7: parse error: …"), with its place in the YAML file that the expression stands in.
struct PlacedError {
  config::YamlPosition position;
  std::string message;  ///< without the place
};

/// `file_text` is the whole file, `node` the value of `expr`. Plain and quoted values on one line and blocks after | are told to
/// the column. Of others (folded lines, escapes) the place is where the value begins, and the message says where in it.
PlacedError place_in_yaml(std::string_view file_text, const config::YamlNode& node, const std::string& error);

}  // namespace rules
BELLWETHER_NAMESPACE_END
