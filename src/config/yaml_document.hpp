// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// What a file may ask of us before it is refused.
struct YamlLimits {
  std::size_t max_bytes = std::size_t{1} << 20;
  std::size_t max_depth = 32;
  std::size_t max_nodes = 200'000;
};

/// A place in a file; both count from 1, columns in characters.
struct YamlPosition {
  std::size_t line = 1;
  std::size_t column = 1;

  friend bool operator==(const YamlPosition&, const YamlPosition&) = default;
};

/// One value of a YAML file, with the place it came from.
///
/// A mapping keeps its keys in the file's order: each of its `items()` knows the `key()` it stands under.
///
/// Threads: a plain value; reading it from any number of threads is safe.
class BELLWETHER_API YamlNode {
 public:
  enum class Kind { Null, Scalar, Sequence, Mapping };

  Kind kind() const noexcept { return kind_; }
  bool is_null() const noexcept { return kind_ == Kind::Null; }

  /// Of a scalar; as written, without its quotes.
  const std::string& text() const noexcept { return text_; }
  /// Of a scalar: it stood in quotes or as a block, so `"true"` is a text and not a truth.
  bool quoted() const noexcept { return quoted_; }

  /// The elements of a sequence or the values of a mapping.
  const std::vector<YamlNode>& items() const noexcept { return items_; }
  /// The value under `key` of a mapping, or null.
  const YamlNode* find(std::string_view key) const noexcept;

  /// Of a mapping's item.
  const std::string& key() const noexcept { return key_; }
  YamlPosition key_position() const noexcept { return key_position_; }

  YamlPosition position() const noexcept { return position_; }

  /// `file:line:column: message`, at the value or at its key.
  Error error(std::string_view message) const;
  Error key_error(std::string_view message) const;

 private:
  friend class YamlTreeBuilder;

  Kind kind_ = Kind::Null;
  bool quoted_ = false;
  std::string text_;
  std::vector<YamlNode> items_;
  std::string key_;
  YamlPosition position_;
  YamlPosition key_position_;
  std::shared_ptr<const std::string> file_;
};

/// Reads one YAML document into a tree; an empty text is a null node.
///
/// Refused, each with its place: syntax errors, a second document, a key that stands twice, a key that is not
/// a scalar, anchors and aliases (a few lines of them can stand for gigabytes), tags other than YAML's own,
/// and whatever exceeds the limits.
///
/// Blocks on the disk. Memory: some 200 bytes a value.
BELLWETHER_API Result<YamlNode> load_yaml(const std::string& path, const YamlLimits& limits = {});
BELLWETHER_API Result<YamlNode> parse_yaml(std::string_view text, const std::string& name,
                                           const YamlLimits& limits = {});

}  // namespace config
BELLWETHER_NAMESPACE_END
