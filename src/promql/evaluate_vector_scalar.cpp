// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "promql/arithmetic.hpp"
#include "promql/evaluator.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

struct Operation {
  BinaryOperator op = BinaryOperator::add;
  bool returns_bool = false;
  bool scalar_is_left = false;
  std::vector<double> scalars;
  Annotations* annotations = nullptr;
  Place place;

  void of_histogram(Row& row, std::size_t step) const {
    const bool scales = op == BinaryOperator::multiply || (op == BinaryOperator::divide && !scalar_is_left);
    if (!scales) {
      const std::string sides = scalar_is_left ? std::string("float ") + symbol(op) + " histogram"
                                               : std::string("histogram ") + symbol(op) + " float";
      annotations->inform(
          "incompatible sample types encountered for binary operator " + quoted(symbol(op)) + ": " + sides, place);
      return row.clear(step);
    }
    Histogram value = *row.histograms[step];
    if (op == BinaryOperator::multiply) {
      scale(value, scalars[step]);
    } else {
      divide(value, scalars[step]);
    }
    row.histograms[step] = std::make_shared<const Histogram>(std::move(value));
  }

  void of_number(Row& row, std::size_t step) const {
    const double value = row.values[step];
    const double left = scalar_is_left ? scalars[step] : value;
    const double right = scalar_is_left ? value : scalars[step];
    const double result = compute(op, left, right);
    if (!is_comparison(op) || returns_bool) {
      row.values[step] = result;
    } else if (result == 0) {
      row.clear(step);
    }
  }

  /// The four that dashboards are full of, without a look at each number's kind: what is absent stays so.
  bool of_all(Row& row) const {
    if (!row.histograms.empty()) return false;
    double* const values = row.values.data();
    const double* const others = scalars.data();
    const std::size_t size = row.size();
    switch (op) {
      case BinaryOperator::add:
        for (std::size_t i = 0; i < size; ++i) values[i] += others[i];
        return true;
      case BinaryOperator::multiply:
        for (std::size_t i = 0; i < size; ++i) values[i] *= others[i];
        return true;
      case BinaryOperator::subtract:
        for (std::size_t i = 0; i < size; ++i)
          values[i] = scalar_is_left ? others[i] - values[i] : values[i] - others[i];
        return true;
      case BinaryOperator::divide:
        for (std::size_t i = 0; i < size; ++i)
          values[i] = scalar_is_left ? others[i] / values[i] : values[i] / others[i];
        return true;
      default:
        return false;
    }
  }
};

}  // namespace

VectorStream evaluate_vector_scalar(Evaluator& evaluator, const Expression& expression, const Binary& node) {
  Operation operation;
  operation.op = node.op;
  operation.returns_bool = node.returns_bool;
  operation.scalar_is_left = node.left->type() == ValueType::scalar;
  operation.annotations = &evaluator.query().annotations;
  operation.place = expression.place;
  operation.scalars = evaluator.scalar(operation.scalar_is_left ? *node.left : *node.right);
  VectorStream out = evaluator.vector(operation.scalar_is_left ? *node.right : *node.left);
  if (!is_comparison(node.op) || node.returns_bool) {
    for (SeriesHead& head : out.heads) head.drop_name = true;
  }
  out.fill = [fill = std::move(out.fill), operation = std::move(operation)](std::size_t series, Row& row) {
    fill(series, row);
    if (row.size() > operation.scalars.size() || operation.of_all(row)) return;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row.is_number(i)) operation.of_number(row, i);
      if (row.is_histogram(i)) operation.of_histogram(row, i);
    }
  };
  return out;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
