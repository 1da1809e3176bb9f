// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/near_miss.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "promql/function_table.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

constexpr std::size_t longest_word = 40;

constexpr std::array<std::string_view, 12> aggregations{"avg", "bottomk",  "count",  "count_values", "group", "max",
                                                        "min", "quantile", "stddev", "stdvar",       "sum",   "topk"};
constexpr std::array<std::string_view, 11> operators{"and",      "atan2",  "bool", "by", "group_left", "group_right",
                                                     "ignoring", "offset", "on",   "or", "unless"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Letters to add, drop, replace or swap with their neighbour.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, longest_word + 1>, 3> rows{};
  std::iota(rows[0].begin(), rows[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& two_above = rows[(i + 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == b[j - 1];
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0U : 1U)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == b[j - 2] && lower(a[i - 2]) == b[j - 1]) {
        row[j] = std::min(row[j], two_above[j - 2] + 1);
      }
    }
  }
  return rows[a.size() % 3][b.size()];
}

struct Nearest {
  std::string_view word;
  std::string_view best = {};
  std::size_t best_distance = 0;

  void consider(std::string_view candidate) {
    if (candidate.size() > longest_word) return;
    const std::size_t d = distance(word, candidate);
    if (d <= std::max<std::size_t>(1, std::min<std::size_t>(3, candidate.size() / 3)) && d < candidate.size() &&
        (best.empty() || d < best_distance)) {
      best = candidate;
      best_distance = d;
    }
  }
  std::string text() const { return best.empty() ? std::string() : " (did you mean \"" + std::string(best) + "\"?)"; }
};

}  // namespace

std::string suggest_function(std::string_view word) {
  if (word.size() > longest_word) return {};
  if (word == "holt_winters") return " (Prometheus 3 calls it \"double_exponential_smoothing\")";
  Nearest nearest{word};
  for (const Function& function : functions()) nearest.consider(function.name);
  for (const std::string_view name : aggregations) nearest.consider(name);
  return nearest.text();
}

std::string suggest_operator(std::string_view word) {
  if (word.size() > longest_word) return {};
  Nearest nearest{word};
  for (const std::string_view name : operators) nearest.consider(name);
  return nearest.text();
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
