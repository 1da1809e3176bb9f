// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exposition/exposition_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// Where a text departs from the grammar.
struct Problem {
  std::size_t at = 0;    ///< byte offset
  std::string expected;  ///< what would have been right there
};

/// [a-zA-Z_][a-zA-Z0-9_]*, and with `colons` the ":" of metric names. The length of the longest such prefix.
std::size_t plain_name_length(std::string_view text, bool colons) noexcept;

/// Where the quoted string that begins at text[at] == '"' ends: the place after its closing quote, or npos when there
/// is none before the line ends.
std::size_t quoted_end(std::string_view text, std::size_t at) noexcept;

/// Where the braces that open at text[at] == '{' close: the place after "}". Only quotes are understood.
/// npos when the line ends first.
std::size_t braces_end(std::string_view text, std::size_t at) noexcept;

/// Appends `escaped` to `out`: \\n, \\\\ and, where `quotes`, \\" are taken; any other backslash stands for itself.
void unescape(std::string_view escaped, bool quotes, std::string& out);

/// A label name that stands twice, empty when there is none. `buffer` is used for sorting where there are many.
std::string_view repeated_name(std::span<const LabelView> labels, std::vector<std::string_view>& buffer);

/// Parses one series or the labels of one exemplar; keeps its buffers for the next.
class LabelReader {
 public:
  struct Syntax {
    bool blanks = false;    ///< blanks between tokens (text 0.0.4)
    bool exemplar = false;  ///< `{...}` without a metric's name
  };

  /// `text`: `name`, `name{...}` or `{"name",...}`, from its first byte to its last. Views point into it or into this
  /// reader, until the next call.
  std::optional<Problem> read(std::string_view text, Syntax syntax);

  std::string_view name() const noexcept { return name_; }
  std::span<const LabelView> labels() const noexcept { return labels_; }

 private:
  std::optional<Problem> read_braces(std::size_t at);
  std::size_t skip_blanks(std::size_t at) const noexcept;
  std::string_view unquote(std::size_t begin, std::size_t end);

  std::string_view text_;
  Syntax syntax_;
  std::string_view name_;
  std::vector<LabelView> labels_;
  std::vector<std::string_view> sorted_names_;
  std::string unescaped_;
};

}  // namespace exposition
BELLWETHER_NAMESPACE_END
