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
  std::size_t max_aliased_nodes = 200'000;                ///< values that aliases stand for; they count above, too
  std::size_t max_aliased_bytes = std::size_t{16} << 20;  ///< of text that aliases stand for
};

/// A place in a file; both count from 1, columns in characters.
struct YamlPosition {
  std::size_t line = 1;
  std::size_t column = 1;

  friend bool operator==(const YamlPosition&, const YamlPosition&) = default;
};

/// One value of a YAML file, with the place it came from.
///
/// A mapping keeps its keys in the file's order: each of its `items()` knows the `key()` it stands under. What a merge
/// key (`<<: *base`) brings comes after them.
///
/// What stands under an alias (`*base`) has the place of the anchor's content (`&base`), where a mistake is to be mended;
/// the errors also say the line of the alias.
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

  /// `file:line:column: message`, at the value or at its key; where it is there through an alias, with that alias's line.
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
  std::size_t used_in_line_ = 0;  // the line of the alias it is here through; 0: it stands here
  std::size_t key_used_in_line_ = 0;
  std::shared_ptr<const std::string> file_;
};

/// Reads one YAML document into a tree; an empty text is a null node.
///
/// Anchors and aliases are resolved, and so are merge keys (`<<: *base`, `<<: [*first, *second]`): a key that is written out
/// wins over a merged one wherever it stands, and the first mapping of the list over the later ones. A merge takes whole
/// values: it does not join two mappings that stand under the same key.
///
/// Refused, each with its place: syntax errors, a second document, a key that stands twice, a key that is not
/// a scalar, an alias without its anchor or inside of it, a merge of anything but mappings, tags other than YAML's own,
/// and whatever exceeds the limits (a few lines of aliases can stand for gigabytes).
///
/// Blocks on the disk. Memory: some 200 bytes a value.
BELLWETHER_API Result<YamlNode> load_yaml(const std::string& path, const YamlLimits& limits = {});
BELLWETHER_API Result<YamlNode> parse_yaml(std::string_view text, const std::string& name,
                                           const YamlLimits& limits = {});

}  // namespace config
BELLWETHER_NAMESPACE_END
