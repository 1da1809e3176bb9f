// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/expression.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

struct TypeOf {
  ValueType operator()(const NumberLiteral&) const noexcept { return ValueType::scalar; }
  ValueType operator()(const StringLiteral&) const noexcept { return ValueType::string; }
  ValueType operator()(const VectorSelector&) const noexcept { return ValueType::vector; }
  ValueType operator()(const MatrixSelector&) const noexcept { return ValueType::matrix; }
  ValueType operator()(const Subquery&) const noexcept { return ValueType::matrix; }
  ValueType operator()(const Parentheses& node) const noexcept { return node.inner->type(); }
  ValueType operator()(const Unary& node) const noexcept { return node.operand->type(); }
  ValueType operator()(const Binary& node) const noexcept {
    const bool scalars = node.left->type() == ValueType::scalar && node.right->type() == ValueType::scalar;
    return scalars ? ValueType::scalar : ValueType::vector;
  }
  ValueType operator()(const Aggregation&) const noexcept { return ValueType::vector; }
  ValueType operator()(const Call& node) const noexcept { return node.function->result; }
};

}  // namespace

ValueType Expression::type() const noexcept {
  return std::visit(TypeOf{}, node);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
