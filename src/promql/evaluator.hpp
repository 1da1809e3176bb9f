// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <span>
#include <string_view>
#include <vector>

#include "promql/query_state.hpp"
#include "promql/vector_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// A range vector: all samples of each series, of which every step sees a window.
struct RangeStream {
  std::vector<SeriesHead> heads;
  /// Without stale markers. The samples are good until the next call.
  std::function<const Samples&(std::size_t series)> read;
  SharedSelection* selection = nullptr;  ///< whose samples these are; null: of a subquery
  std::int64_t range = 0;
  /// Windows end here, open on the left: (end - range, end].
  std::vector<std::int64_t> window_ends;

  std::size_t size() const noexcept { return heads.size(); }
};

/// Walks the tree for one series of steps. Rows and streams of its results are good as long as the QueryState.
///
/// Threads: use from one.
class Evaluator {
 public:
  Evaluator(QueryState& query, Steps steps) noexcept : query_(query), steps_(steps) {}

  VectorStream vector(const Expression& expression);
  std::vector<double> scalar(const Expression& expression);
  RangeStream range(const Expression& expression);

  const Steps& steps() const noexcept { return steps_; }
  QueryState& query() noexcept { return query_; }

 private:
  VectorStream selected(const VectorSelector& selector, bool times_as_values);
  RangeStream matrix(const MatrixSelector& node);
  RangeStream subquery(const Subquery& node);
  VectorStream unary(const Unary& node);
  VectorStream binary(const Expression& expression, const Binary& node);
  VectorStream aggregation(const Expression& expression, const Aggregation& node);
  VectorStream call(const Expression& expression, const Call& node);
  VectorStream evaluated(const Expression& expression);
  VectorStream timestamp(const Expression& argument);
  std::vector<double> scalar_binary(const Binary& node);
  std::vector<double> scalar_call(const Call& node);

  QueryState& query_;
  Steps steps_;
};

/// Parentheses taken off.
const Expression& inner_of(const Expression& expression) noexcept;
/// Of an argument that the parser has found to be a string.
std::string_view string_of(const Expression& expression) noexcept;

VectorStream evaluate_range_function(Evaluator& evaluator, const Call& node);
VectorStream evaluate_function(Evaluator& evaluator, const Expression& expression, const Call& node);
VectorStream evaluate_histogram_function(Evaluator& evaluator, const Call& node);
VectorStream evaluate_label_function(Evaluator& evaluator, const Call& node);
VectorStream evaluate_absent(Evaluator& evaluator, const Call& node);
VectorStream evaluate_vector_scalar(Evaluator& evaluator, const Expression& expression, const Binary& node);
VectorStream evaluate_vector_vector(Evaluator& evaluator, const Expression& expression, const Binary& node);
VectorStream evaluate_set_operator(Evaluator& evaluator, const Binary& node);
/// topk and bottomk.
VectorStream evaluate_ranking(QueryState& query, std::size_t steps, const Aggregation& node, const VectorStream& inner,
                              const std::vector<double>& parameter, Place place);

/// Series that have equal labels become one; an error where two have a point at one step.
VectorStream merge_equal(QueryState& query, VectorStream stream, std::size_t steps);
/// All rows, at once.
std::vector<Row> all_rows(QueryState& query, VectorStream& stream);

}  // namespace promql
BELLWETHER_NAMESPACE_END
