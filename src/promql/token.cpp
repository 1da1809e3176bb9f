// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/token.hpp"

#include <algorithm>
#include <array>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

using Entry = std::pair<std::string_view, Keyword>;

// Sorted by word.
constexpr std::array keywords{
    Entry{"anchored", Keyword::anchored},
    Entry{"and", Keyword::logical_and},
    Entry{"atan2", Keyword::atan2},
    Entry{"avg", Keyword::avg},
    Entry{"bool", Keyword::boolean},
    Entry{"bottomk", Keyword::bottomk},
    Entry{"by", Keyword::by},
    Entry{"count", Keyword::count},
    Entry{"count_values", Keyword::count_values},
    Entry{"end", Keyword::end},
    Entry{"fill", Keyword::fill},
    Entry{"fill_left", Keyword::fill_left},
    Entry{"fill_right", Keyword::fill_right},
    Entry{"group", Keyword::group},
    Entry{"group_left", Keyword::group_left},
    Entry{"group_right", Keyword::group_right},
    Entry{"ignoring", Keyword::ignoring},
    Entry{"limit_ratio", Keyword::limit_ratio},
    Entry{"limitk", Keyword::limitk},
    Entry{"max", Keyword::max},
    Entry{"min", Keyword::min},
    Entry{"offset", Keyword::offset},
    Entry{"on", Keyword::on},
    Entry{"or", Keyword::logical_or},
    Entry{"quantile", Keyword::quantile},
    Entry{"smoothed", Keyword::smoothed},
    Entry{"start", Keyword::start},
    Entry{"stddev", Keyword::stddev},
    Entry{"stdvar", Keyword::stdvar},
    Entry{"sum", Keyword::sum},
    Entry{"topk", Keyword::topk},
    Entry{"unless", Keyword::logical_unless},
    Entry{"without", Keyword::without},
};
static_assert(std::is_sorted(keywords.begin(), keywords.end(),
                             [](const Entry& a, const Entry& b) { return a.first < b.first; }));
constexpr std::size_t longest_keyword = 12;

}  // namespace

Keyword find_keyword(std::string_view word) noexcept {
  if (word.size() < 2 || word.size() > longest_keyword) return Keyword::none;
  std::array<char, longest_keyword> lower{};
  std::transform(word.begin(), word.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const std::string_view key(lower.data(), word.size());
  const auto* const found = std::lower_bound(keywords.begin(), keywords.end(), key,
                                             [](const Entry& entry, std::string_view k) { return entry.first < k; });
  return found != keywords.end() && found->first == key ? found->second : Keyword::none;
}

std::string describe(const Token& token) {
  constexpr std::size_t longest_shown = 60;
  std::string text(token.text.substr(0, longest_shown));
  if (token.text.size() > longest_shown) text += "...";
  switch (token.kind) {
    case TokenKind::end:
      return "end of input";
    case TokenKind::error:
      return text;
    case TokenKind::word:
      return (token.keyword == Keyword::none ? "identifier \"" : "keyword \"") + text + '"';
    case TokenKind::number:
      return "number \"" + text + '"';
    case TokenKind::duration:
      return "duration \"" + text + '"';
    case TokenKind::string:
      return "string " + text;
    default:
      return '"' + text + '"';
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
