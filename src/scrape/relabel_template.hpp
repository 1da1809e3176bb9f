// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <re2/re2.h>

#include <bellwether/version.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// A replacement or target label, taken apart once: texts, and groups of a regex between them. The rules are those of Go's
/// Regexp.Expand: `$name` is as long as letters, digits and _ go, so `$1x` is the group "1x"; `${1}x` is what is meant; `$$`
/// is a $; a group that does not exist or did not match is empty; a $ before anything else stands for itself.
///
/// Threads: immutable.
class RelabelTemplate {
 public:
  RelabelTemplate() = default;
  RelabelTemplate(std::string_view text, const re2::RE2& regex);

  /// It holds no group: expanding gives `fixed_text` always.
  bool is_fixed() const noexcept { return pieces_.empty(); }
  const std::string& fixed_text() const noexcept { return tail_; }
  int highest_group() const noexcept { return highest_; }

  /// Appends.
  void expand(std::span<const re2::StringPiece> groups, std::string& out) const;

 private:
  struct Piece {
    std::string text;  // before the group
    int group;
  };
  std::vector<Piece> pieces_;
  std::string tail_;
  int highest_ = 0;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
