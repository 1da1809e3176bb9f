// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "promql/arithmetic.hpp"
#include "promql/label_groups.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A vector that has one series without labels, of these values.
VectorStream constant(std::vector<double> values) {
  VectorStream out;
  out.heads.emplace_back();
  out.fill = [values = std::move(values)](std::size_t, Row& row) {
    row.reset(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) row.set(i, values[i]);
  };
  return out;
}

}  // namespace

VectorStream stored(std::vector<SeriesHead> heads, std::vector<Row> rows) {
  VectorStream out;
  out.heads = std::move(heads);
  auto held = std::make_shared<std::vector<Row>>(std::move(rows));
  out.fill = [held](std::size_t series, Row& row) { std::swap(row, (*held)[series]); };
  return out;
}

std::vector<Row> all_rows(QueryState& query, VectorStream& stream) {
  std::vector<Row> rows(stream.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (query.stopped()) break;
    stream.fill(i, rows[i]);
    query.hold(rows[i].size());
  }
  return rows;
}

VectorStream merge_equal(QueryState& query, VectorStream stream, std::size_t steps) {
  LabelGroups places;
  std::vector<std::size_t> group_of;
  group_of.reserve(stream.size());
  for (const SeriesHead& head : stream.heads) group_of.push_back(places.place(head.labels).first);
  if (places.size() == stream.size()) return stream;
  std::vector<std::vector<std::size_t>> groups(places.size());
  for (std::size_t i = 0; i < stream.size(); ++i) groups[group_of[i]].push_back(i);
  VectorStream out;
  for (const std::vector<std::size_t>& group : groups) out.heads.push_back(stream.heads[group.front()]);
  out.fill = [&query, steps, inner = std::move(stream.fill), groups = std::move(groups), other = Row{}](
                 std::size_t series, Row& row) mutable {
    inner(groups[series].front(), row);
    for (std::size_t i = 1; i < groups[series].size() && !query.failed(); ++i) {
      inner(groups[series][i], other);
      for (std::size_t step = 0; step < steps && step < other.size() && step < row.size(); ++step) {
        if (other.is_absent(step)) continue;
        if (!row.is_absent(step)) return query.fail("vector cannot contain metrics with the same labelset");
        row.take(step, other);
      }
    }
  };
  return out;
}

const Expression& inner_of(const Expression& expression) noexcept {
  const Expression* inner = &expression;
  while (const auto* parentheses = std::get_if<Parentheses>(&inner->node)) inner = parentheses->inner.get();
  return *inner;
}

std::string_view string_of(const Expression& expression) noexcept {
  const auto* literal = std::get_if<StringLiteral>(&inner_of(expression).node);
  return literal == nullptr ? std::string_view{} : std::string_view(literal->value);
}

VectorStream Evaluator::vector(const Expression& expression) {
  if (query_.stopped()) return {};
  const Expression& inner = inner_of(expression);
  if (steps_.count <= 1 || !query_.is_step_invariant(inner)) return evaluated(inner);
  // The same at every step: once, and then repeated.
  VectorStream once = Evaluator(query_, Steps{steps_.start, steps_.step, 1}).evaluated(inner);
  VectorStream out;
  out.heads = std::move(once.heads);
  out.fill = [count = steps_.count, fill = std::move(once.fill), point = Row{}](std::size_t series, Row& row) mutable {
    fill(series, point);
    row.reset(count);
    if (point.size() != 1 || point.is_absent(0)) return;
    for (std::size_t i = 0; i < count; ++i) row.take(i, point, 0);
  };
  return out;
}

VectorStream Evaluator::evaluated(const Expression& expression) {
  struct Visitor {
    Evaluator& self;
    const Expression& expression;
    VectorStream operator()(const VectorSelector& node) const { return self.selected(node, false); }
    VectorStream operator()(const Parentheses& node) const { return self.vector(*node.inner); }
    VectorStream operator()(const Unary& node) const { return self.unary(node); }
    VectorStream operator()(const Binary& node) const { return self.binary(expression, node); }
    VectorStream operator()(const Aggregation& node) const { return self.aggregation(expression, node); }
    VectorStream operator()(const Call& node) const { return self.call(expression, node); }
    VectorStream operator()(const NumberLiteral&) const { return {}; }
    VectorStream operator()(const StringLiteral&) const { return {}; }
    VectorStream operator()(const MatrixSelector&) const { return {}; }
    VectorStream operator()(const Subquery&) const { return {}; }
  };
  return std::visit(Visitor{*this, expression}, expression.node);
}

VectorStream Evaluator::unary(const Unary& node) {
  VectorStream inner = vector(*node.operand);
  if (!node.negative) return inner;
  for (SeriesHead& head : inner.heads) head.drop_name = true;
  inner.fill = [fill = std::move(inner.fill)](std::size_t series, Row& row) {
    fill(series, row);
    for (double& value : row.values) value = -value;
    for (HistogramPtr& histogram : row.histograms) {
      if (histogram == nullptr) continue;
      Histogram negative = *histogram;
      scale(negative, -1);
      histogram = std::make_shared<const Histogram>(std::move(negative));
    }
  };
  return inner;
}

VectorStream Evaluator::binary(const Expression& expression, const Binary& node) {
  const bool left_is_scalar = node.left->type() == ValueType::scalar;
  const bool right_is_scalar = node.right->type() == ValueType::scalar;
  if (left_is_scalar || right_is_scalar) return evaluate_vector_scalar(*this, expression, node);
  if (is_set_operator(node.op)) return evaluate_set_operator(*this, node);
  return evaluate_vector_vector(*this, expression, node);
}

VectorStream Evaluator::call(const Expression& expression, const Call& node) {
  switch (node.function->id) {
    case FunctionId::vector:
      return constant(scalar(*node.arguments.at(0)));
    case FunctionId::timestamp:
      return timestamp(*node.arguments.at(0));
    case FunctionId::absent:
    case FunctionId::absent_over_time:
      return evaluate_absent(*this, node);
    case FunctionId::label_replace:
    case FunctionId::label_join:
      return evaluate_label_function(*this, node);
    case FunctionId::histogram_avg:
    case FunctionId::histogram_count:
    case FunctionId::histogram_fraction:
    case FunctionId::histogram_quantile:
    case FunctionId::histogram_stddev:
    case FunctionId::histogram_stdvar:
    case FunctionId::histogram_sum:
      return evaluate_histogram_function(*this, node);
    default:
      break;
  }
  const bool takes_range = std::any_of(node.arguments.begin(), node.arguments.end(), [](const ExpressionPtr& argument) {
    return argument->type() == ValueType::matrix;
  });
  return takes_range ? evaluate_range_function(*this, node) : evaluate_function(*this, expression, node);
}

VectorStream Evaluator::timestamp(const Expression& argument) {
  const auto* selector = std::get_if<VectorSelector>(&inner_of(argument).node);
  if (selector != nullptr) {
    VectorStream out = selected(*selector, true);
    for (SeriesHead& head : out.heads) head.drop_name = true;
    return out;
  }
  VectorStream out = vector(argument);
  for (SeriesHead& head : out.heads) head.drop_name = true;
  out.fill = [fill = std::move(out.fill), steps = steps_](std::size_t series, Row& row) {
    fill(series, row);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!row.is_absent(i)) row.set(i, static_cast<double>(steps.at(i)) / 1000);
    }
  };
  return out;
}

std::vector<double> Evaluator::scalar(const Expression& expression) {
  if (query_.stopped()) return std::vector<double>(steps_.count, nan);
  const Expression& inner = inner_of(expression);
  if (const auto* number = std::get_if<NumberLiteral>(&inner.node)) {
    return std::vector<double>(steps_.count, number->value);
  }
  if (const auto* unary_node = std::get_if<Unary>(&inner.node)) {
    std::vector<double> values = scalar(*unary_node->operand);
    if (unary_node->negative) {
      for (double& value : values) value = -value;
    }
    return values;
  }
  if (const auto* binary_node = std::get_if<Binary>(&inner.node)) return scalar_binary(*binary_node);
  if (const auto* call_node = std::get_if<Call>(&inner.node)) return scalar_call(*call_node);
  return std::vector<double>(steps_.count, nan);
}

std::vector<double> Evaluator::scalar_binary(const Binary& node) {
  std::vector<double> left = scalar(*node.left);
  const std::vector<double> right = scalar(*node.right);
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = compute(node.op, left[i], right[i]);
  return left;
}

std::vector<double> Evaluator::scalar_call(const Call& node) {
  std::vector<double> out(steps_.count, nan);
  switch (node.function->id) {
    case FunctionId::pi:
      std::fill(out.begin(), out.end(), 3.14159265358979323846);
      break;
    case FunctionId::time:
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<double>(steps_.at(i)) / 1000;
      break;
    case FunctionId::scalar: {
      VectorStream stream = vector(*node.arguments.at(0));
      std::vector<std::uint8_t> seen(out.size(), 0);
      Row row;
      for (std::size_t series = 0; series < stream.size() && !query_.stopped(); ++series) {
        stream.fill(series, row);
        for (std::size_t i = 0; i < out.size() && i < row.size(); ++i) {
          if (!row.is_number(i)) continue;
          out[i] = seen[i] == 0 ? row.values[i] : nan;
          seen[i] = 1;
        }
      }
      break;
    }
    default:
      break;
  }
  return out;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
