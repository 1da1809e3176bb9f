// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

enum class MatchType : std::uint8_t { equal, not_equal, regex, not_regex };

/// One condition of a selector: `venue=~"ibkr|cme"`. Regular expressions are RE2's, match the whole value, and `.`
/// matches a newline too, as in Prometheus. A missing label is an empty value.
///
///     Matcher matcher = Matcher::make(MatchType::regex, "venue", "ibkr|cme").value();
///
/// Threads: immutable; any may match. Copying shares the compiled expression.
class Matcher {
 public:
  /// An error says where RE2 refuses the expression.
  static Result<Matcher> make(MatchType type, std::string name, std::string value);

  MatchType type() const noexcept { return type_; }
  const std::string& name() const noexcept { return name_; }
  const std::string& value() const noexcept { return value_; }

  bool matches(std::string_view value) const;
  /// A series without this label passes.
  bool matches_empty() const noexcept { return matches_empty_; }
  /// The values that alone can match, for = and for =~ that is an alternation of plain texts; empty otherwise.
  const std::vector<std::string>& literals() const noexcept { return literals_; }
  /// As PromQL writes it.
  std::string to_string() const;

 private:
  Matcher() = default;
  bool matches_pattern(std::string_view value) const;

  MatchType type_ = MatchType::equal;
  bool matches_empty_ = false;
  std::string name_;
  std::string value_;
  std::vector<std::string> literals_;  // sorted
  std::shared_ptr<const re2::RE2> pattern_;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
