// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "config/yaml_document.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// Typed reading of one mapping whose keys are known. A key that nobody knows is refused by name, with its place
/// and the nearest key that exists: nothing in a configuration is ever ignored.
///
///     YamlMapReader map(node, "tls_server_config", {"cert_file", "key_file"});
///     config.cert_file = map.text("cert_file", "");
///
/// Every call throws `Exception` on an error; the function that loads a file turns it into a `Result`.
/// A null node reads as a mapping without keys. The node and the keys' text must outlive the reader.
class BELLWETHER_API YamlMapReader {
 public:
  YamlMapReader(const YamlNode& node, std::string_view what, std::initializer_list<std::string_view> known_keys);

  /// Null when the key is missing or its value is empty.
  const YamlNode* find(std::string_view key) const;

  std::string text(std::string_view key, std::string_view otherwise) const;
  bool boolean(std::string_view key, bool otherwise) const;
  std::vector<std::string> texts(std::string_view key) const;

  /// The position in `choices` of the scalar under `key`; `otherwise` when it is missing.
  std::size_t choice(std::string_view key, const std::vector<std::string_view>& choices, std::size_t otherwise) const;

 private:
  const YamlNode* node_;
};

/// The scalar's text, or an `Exception` that says what `what` must be.
BELLWETHER_API const std::string& yaml_text(const YamlNode& node, std::string_view what);

/// The candidate that differs least from `word`, empty when none is near.
BELLWETHER_API std::string_view nearest_word(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace config
BELLWETHER_NAMESPACE_END
