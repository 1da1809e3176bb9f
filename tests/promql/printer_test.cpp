// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/printer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "promql/parser.hpp"
#include "promql/query_generator.hpp"

namespace bellwether::promql {
namespace {

bool same(const ExpressionPtr& a, const ExpressionPtr& b);

/// Equality of trees; matchers in any order, and places aside.
struct Same {
  const Expression& other;

  template <typename Node>
  const Node& theirs() const {
    return std::get<Node>(other.node);
  }
  bool operator()(const NumberLiteral& a) const {
    const auto& b = theirs<NumberLiteral>();
    const bool equal = std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value);
    return a.is_duration == b.is_duration && (equal || (std::isnan(a.value) && std::isnan(b.value)));
  }
  bool operator()(const StringLiteral& a) const { return a.value == theirs<StringLiteral>().value; }
  static bool same_selector(const VectorSelector& a, const VectorSelector& b) {
    const auto texts = [](const VectorSelector& s) {
      std::vector<std::string> out;
      for (const auto& m : s.matchers) out.push_back(m.to_string());
      std::sort(out.begin(), out.end());
      return out;
    };
    return a.name == b.name && a.shift == b.shift && texts(a) == texts(b);
  }
  bool operator()(const VectorSelector& a) const { return same_selector(a, theirs<VectorSelector>()); }
  bool operator()(const MatrixSelector& a) const {
    const auto& b = theirs<MatrixSelector>();
    return a.range_ms == b.range_ms && same_selector(a.selector, b.selector);
  }
  bool operator()(const Subquery& a) const {
    const auto& b = theirs<Subquery>();
    return a.range_ms == b.range_ms && a.step_ms == b.step_ms && a.shift == b.shift && same(a.operand, b.operand);
  }
  bool operator()(const Parentheses& a) const { return same(a.inner, theirs<Parentheses>().inner); }
  bool operator()(const Unary& a) const {
    return a.negative == theirs<Unary>().negative && same(a.operand, theirs<Unary>().operand);
  }
  bool operator()(const Binary& a) const {
    const auto& b = theirs<Binary>();
    return a.op == b.op && a.returns_bool == b.returns_bool && a.matching.card == b.matching.card &&
           a.matching.on == b.matching.on && a.matching.labels == b.matching.labels &&
           a.matching.include == b.matching.include && same(a.left, b.left) && same(a.right, b.right);
  }
  bool operator()(const Aggregation& a) const {
    const auto& b = theirs<Aggregation>();
    return a.op == b.op && a.without == b.without && a.grouping == b.grouping && same(a.parameter, b.parameter) &&
           same(a.operand, b.operand);
  }
  bool operator()(const Call& a) const {
    const auto& b = theirs<Call>();
    return a.function == b.function &&
           std::equal(a.arguments.begin(), a.arguments.end(), b.arguments.begin(), b.arguments.end(), same);
  }
};

bool same(const ExpressionPtr& a, const ExpressionPtr& b) {
  if (a == nullptr || b == nullptr) return a == b;
  return a->node.index() == b->node.index() && std::visit(Same{*b}, a->node);
}

TEST(Printer, prints_what_parses_to_the_same_tree) {
  promql_test::QueryGenerator queries(20261121, {});
  constexpr int rounds = 4000;
  for (int i = 0; i < rounds; ++i) {
    const std::string query = queries.next();
    const auto tree = parse(query);
    ASSERT_TRUE(tree) << query << "\n" << tree.error().message;
    for (const std::string& text : {print(**tree), print_pretty(**tree)}) {
      const auto again = parse(text);
      ASSERT_TRUE(again) << query << "\n" << text << "\n" << again.error().message;
      ASSERT_TRUE(same(*tree, *again)) << query << "\n" << text;
      ASSERT_EQ(print(**again), print(**tree)) << query;
    }
  }
}

TEST(Printer, survives_any_damage_to_a_query) {
  promql_test::QueryGenerator queries(7, {});
  std::uint64_t state = 99;
  const auto below = [&](std::size_t bound) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state >> 33U) % bound;
  };
  for (int i = 0; i < 4000; ++i) {
    std::string query = queries.next();
    for (std::size_t k = 0; k <= below(3); ++k) {
      if (query.empty()) break;
      const std::size_t at = below(query.size());
      switch (below(3)) {
        case 0:
          query.erase(at, 1 + below(3));
          break;
        case 1:
          query[at] = "(){}[],:@\"'`\\+-^=!~ \x80"[below(21)];
          break;
        default:
          query.insert(at, query.substr(below(query.size()), below(12)));
      }
    }
    const auto tree = parse(query);
    if (!tree) {
      EXPECT_NE(tree.error().message.find(": parse error: "), std::string::npos) << tree.error().message;
      continue;
    }
    const auto again = parse(print(**tree));
    ASSERT_TRUE(again) << query << "\n" << print(**tree) << "\n" << again.error().message;
    ASSERT_TRUE(same(*tree, *again)) << query;
  }
}

TEST(Printer, spells_as_prometheus_does) {
  const auto printed = [](std::string_view query) { return print(*parse(query).value()); };
  EXPECT_EQ(printed("1000000"), "1e+06");
  EXPECT_EQ(printed("123456789"), "1.23456789e+08");
  EXPECT_EQ(printed("0.00001"), "1e-05");
  EXPECT_EQ(printed("100000"), "100000");
  EXPECT_EQ(printed("-5m"), "-5m");
  EXPECT_EQ(printed("-inf"), "-Inf");
  EXPECT_EQ(printed("\"a\\x01'\xc3\xa9\\xff\""), "\"a\\x01'\xc3\xa9\\xff\"");
  EXPECT_EQ(printed("x{b='2',a='1'}"), "x{a=\"1\",b=\"2\"}");
}

TEST(Printer, breaks_long_queries) {
  const auto tree = parse(
      "sum by (venue, strategy) (rate(orders_total{environment=\"production\",region=\"europe\"}[5m])) / on (venue) "
      "group_left (name) -max without (instance) (venue_information{environment=\"production\", region=\"europe\"})");
  ASSERT_TRUE(tree);
  EXPECT_EQ(print_pretty(**tree),
            "  sum by (venue, strategy) (rate(orders_total{environment=\"production\",region=\"europe\"}[5m]))\n"
            "/ on (venue) group_left (name)\n"
            "  -max without (instance) (venue_information{environment=\"production\",region=\"europe\"})");
}

}  // namespace
}  // namespace bellwether::promql
