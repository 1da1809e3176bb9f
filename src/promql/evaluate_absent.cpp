// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <map>

#include "promql/evaluator.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

/// What is missing, as far as the selector says: its labels that are asked for with = and only once.
Labels labels_of(LabelArena& arena, const Expression& expression) {
  const Expression& inner = inner_of(expression);
  const VectorSelector* selector = std::get_if<VectorSelector>(&inner.node);
  if (const auto* matrix = std::get_if<MatrixSelector>(&inner.node)) selector = &matrix->selector;
  if (selector == nullptr) return {};
  std::map<std::string_view, std::string_view> values;
  std::map<std::string_view, int> conditions;
  for (const storage::Matcher& matcher : selector->matchers) {
    if (matcher.name() == metric_name_label) continue;
    ++conditions[matcher.name()];
    if (matcher.type() == storage::MatchType::equal) values[matcher.name()] = matcher.value();
  }
  std::vector<LabelView> labels;
  for (const auto& [name, value] : values) {
    if (conditions[name] == 1 && !value.empty()) labels.push_back({name, value});
  }
  return arena.copy(labels);
}

}  // namespace

VectorStream evaluate_absent(Evaluator& evaluator, const Call& node) {
  const Expression& argument = *node.arguments.at(0);
  QueryState& query = evaluator.query();
  const std::size_t steps = evaluator.steps().count;
  std::vector<std::uint8_t> present(steps, 0);
  if (node.function->id == FunctionId::absent) {
    VectorStream stream = evaluator.vector(argument);
    Row row;
    for (std::size_t series = 0; series < stream.size() && !query.stopped(); ++series) {
      stream.fill(series, row);
      for (std::size_t i = 0; i < row.size(); ++i) present[i] |= row.is_absent(i) ? 0U : 1U;
    }
  } else {
    RangeStream stream = evaluator.range(argument);
    for (std::size_t series = 0; series < stream.size() && !query.stopped(); ++series) {
      const Samples& samples = stream.read(series);
      for (const std::vector<std::int64_t>* times : {&samples.times, &samples.histogram_times}) {
        std::size_t next = 0;
        for (std::size_t i = 0; i < steps; ++i) {
          const std::int64_t end = stream.window_ends[i];
          while (next < times->size() && (*times)[next] <= end) ++next;
          if (next > 0 && (*times)[next - 1] > end - stream.range) present[i] = 1;
        }
      }
    }
  }
  if (query.failed()) return {};
  VectorStream out;
  out.heads.push_back({labels_of(*query.arena, argument), false});
  out.fill = [present = std::move(present)](std::size_t, Row& row) {
    row.reset(present.size());
    for (std::size_t i = 0; i < present.size(); ++i) {
      if (present[i] == 0) row.set(i, 1);
    }
  };
  return out;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
