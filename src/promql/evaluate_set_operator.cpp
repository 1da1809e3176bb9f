// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "promql/match_groups.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

/// At which steps any of these series has a point.
using Presence = std::vector<std::uint8_t>;

void add_presence(Presence& presence, const Row& row) {
  for (std::size_t i = 0; i < row.size() && i < presence.size(); ++i) {
    presence[i] = static_cast<std::uint8_t>(presence[i] | (row.is_absent(i) ? 0U : 1U));
  }
}

/// and, unless: the left side, at the steps where the right has (or has not) a match.
VectorStream filtered(QueryState& query, std::size_t steps, bool keep_present, VectorStream left,
                      const VectorStream& right, const std::vector<MatchGroup>& groups) {
  VectorStream out;
  std::vector<std::size_t> series_of;
  std::vector<std::shared_ptr<const Presence>> presence_of;
  Row row;
  for (const MatchGroup& group : groups) {
    if (group.left.empty() || (keep_present && group.right.empty())) continue;
    auto presence = std::make_shared<Presence>(steps, 0);
    for (const std::size_t series : group.right) {
      if (query.stopped()) return {};
      right.fill(series, row);
      add_presence(*presence, row);
    }
    for (const std::size_t series : group.left) {
      out.heads.push_back(left.heads[series]);
      series_of.push_back(series);
      presence_of.push_back(presence);
    }
  }
  out.fill = [fill = std::move(left.fill), series_of = std::move(series_of), presence_of = std::move(presence_of),
              keep_present](std::size_t series, Row& filled) {
    fill(series_of[series], filled);
    const Presence& presence = *presence_of[series];
    for (std::size_t i = 0; i < filled.size(); ++i) {
      if ((presence[i] != 0) != keep_present) filled.clear(i);
    }
  };
  return out;
}

/// or: all of the left, and of the right what has no match there.
VectorStream united(QueryState& query, std::size_t steps, VectorStream left, VectorStream right,
                    const std::vector<MatchGroup>& groups) {
  std::vector<SeriesHead> heads = left.heads;
  std::vector<Row> rows = all_rows(query, left);
  std::vector<const MatchGroup*> group_of(right.size());
  for (const MatchGroup& group : groups) {
    for (const std::size_t series : group.right) group_of[series] = &group;
  }
  for (std::size_t series = 0; series < right.size() && !query.stopped(); ++series) {
    heads.push_back(right.heads[series]);
    Row row;
    right.fill(series, row);
    query.hold(steps);
    for (const std::size_t match : group_of[series]->left) {
      const Row& taken = rows[match];
      for (std::size_t i = 0; i < row.size() && i < taken.size(); ++i) {
        if (!taken.is_absent(i)) row.clear(i);
      }
    }
    rows.push_back(std::move(row));
  }
  if (query.failed()) return {};
  return merge_equal(query, stored(std::move(heads), std::move(rows)), steps);
}

}  // namespace

VectorStream evaluate_set_operator(Evaluator& evaluator, const Binary& node) {
  QueryState& query = evaluator.query();
  VectorStream left = evaluator.vector(*node.left);
  VectorStream right = evaluator.vector(*node.right);
  if (query.failed()) return {};
  const std::size_t steps = evaluator.steps().count;
  const std::vector<MatchGroup> groups = match(node.matching, left, right);
  if (node.op == BinaryOperator::logical_or) return united(query, steps, std::move(left), std::move(right), groups);
  return filtered(query, steps, node.op == BinaryOperator::logical_and, std::move(left), right, groups);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
