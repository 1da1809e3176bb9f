// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/parser.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "promql/printer.hpp"

namespace bellwether::promql {
namespace {

template <typename Node>
const Node& node(const Result<ExpressionPtr>& tree) {
  return std::get<Node>(tree.value()->node);
}

std::string printed(std::string_view query) {
  const auto tree = parse(query);
  return tree ? print(**tree) : tree.error().message;
}

std::string failure(std::string_view query) {
  const auto tree = parse(query);
  return tree ? "no error: " + print(**tree) : tree.error().message;
}

double number(std::string_view query) {
  return node<NumberLiteral>(parse(query)).value;
}

TEST(Parser, reads_numbers_in_all_spellings) {
  for (const auto& [text, value] :
       {std::pair{"1", 1.0}, {"2.", 2.0},       {".5", 0.5},        {"1.e2", 100.0}, {"12.34e+6", 12.34e6},
        {"5e-3", 5e-3},      {"0x1F", 31.0},    {"0X1e", 30.0},     {"0x_1F", 31.0}, {"0755", 493.0},
        {"08", 8.0},         {"1_000", 1000.0}, {"1_0.2_5", 10.25}, {"5m", 300.0},   {"1h30m", 5400.0},
        {"1500ms", 1.5},     {"-5", -5.0},      {"--5", 5.0},       {"+0.2", 0.2},   {"1e-400", 0.0}}) {
    EXPECT_DOUBLE_EQ(number(text), value) << text;
  }
  for (const char* text : {"Inf", "inf", "iNF", "+Inf"})
    EXPECT_EQ(number(text), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(number("nan")));
  for (const char* text :
       {"1_", "1__0", "_1.5.2", "1e", "1e5x", "0x", "0xG", "1.2.3", "1e999", "5m3h", "5mm", "0x1.8"}) {
    EXPECT_FALSE(parse(text)) << text;
  }
}

TEST(Parser, reads_strings_with_escapes) {
  const auto text = [](std::string_view query) { return node<StringLiteral>(parse(query)).value; };
  EXPECT_EQ(text(R"("a\n\t\\\"\x41\101\u00e9\U0001F600'")"), "a\n\t\\\"AA\u00e9\U0001F600'");
  EXPECT_EQ(text(R"('\'"')"), "'\"");
  EXPECT_EQ(text("`\\n\n\"`"), "\\n\n\"");
  EXPECT_EQ(text("\"\\xc5z\""), "\xc5z");
  EXPECT_EQ(failure("\"a\\q\""), "1:3: parse error: unknown escape sequence");
  EXPECT_EQ(failure("x + \"a"), "1:5: parse error: unterminated quoted string");
  for (const char* query : {"\"\\'\"", "'\\\"'", "\"\\ud800\"", "\"\\U00110000\"", "\"\\x4\"", "\"\\400\"", "\"\\9\"",
                            "\"a\nb\"", "`a", "\"\xff\"", "'", "\"\\\""}) {
    EXPECT_FALSE(parse(query)) << query;
  }
}

TEST(Parser, binds_as_prometheus_does) {
  const auto grouped = [](std::string_view query) {
    // Parentheses where the tree has a level: by walking, not by printing.
    const auto walk = [](const auto& self, const Expression& e) -> std::string {
      if (const auto* b = std::get_if<Binary>(&e.node)) {
        const std::string whole = print(e);
        return '(' + self(self, *b->left) +
               whole.substr(print(*b->left).size(), whole.size() - print(*b->left).size() - print(*b->right).size()) +
               self(self, *b->right) + ')';
      }
      if (const auto* u = std::get_if<Unary>(&e.node)) return "-[" + self(self, *u->operand) + ']';
      return print(e);
    };
    return walk(walk, *parse(query).value());
  };
  EXPECT_EQ(grouped("a + b * c"), "(a + (b * c))");
  EXPECT_EQ(grouped("a - b - c"), "((a - b) - c)");
  EXPECT_EQ(grouped("a ^ b ^ c"), "(a ^ (b ^ c))");
  EXPECT_EQ(grouped("-a ^ b"), "-[(a ^ b)]");
  EXPECT_EQ(grouped("-a * b"), "(-[a] * b)");
  EXPECT_EQ(grouped("a ^ -b * c"), "((a ^ -[b]) * c)");
  EXPECT_EQ(grouped("a or b and c unless d"), "(a or ((b and c) unless d))");
  EXPECT_EQ(grouped("a and b == bool c + d"), "(a and (b == bool (c + d)))");
  EXPECT_EQ(grouped("a atan2 b / c"), "((a atan2 b) / c)");
  EXPECT_EQ(grouped("a < b > c"), "((a < b) > c)");
}

TEST(Parser, reads_selectors) {
  EXPECT_EQ(printed("foo{b='2', a=~\"x|y\",c!=``, d!~'z',}"), "foo{a=~\"x|y\",b=\"2\",c!=\"\",d!~\"z\"}");
  EXPECT_EQ(printed("{\"my.metric\", \"my.label\"=\"x\", sum=\"1\"}"), "{\"my.metric\",\"my.label\"=\"x\",sum=\"1\"}");
  EXPECT_EQ(printed("{\"plain\"}"), "plain");
  EXPECT_EQ(printed("a:b:c{}"), "a:b:c");
  EXPECT_EQ(printed(":a"), ":a");
  const auto tree = parse("foo{a=\"b\"}");
  const auto& selector = node<VectorSelector>(tree);
  EXPECT_EQ(selector.name, "foo");
  ASSERT_EQ(selector.matchers.size(), 2U);
  EXPECT_EQ(selector.matchers.back().to_string(), "__name__=\"foo\"");
  for (const char* query : {"{}", "{a=\"\"}", "{a=~\".*\"}", "{a!=\"b\"}", "foo{__name__=\"bar\"}", "foo{\"bar\"}",
                            "{\"a\",\"b\"}", "{a}", "{a==\"b\"}", "{a=b}", "{a=\"b\"", "{a=~\"(\"}", "{,}", "{5=\"b\"}",
                            "foo{a:b=\"c\"}", "{\"\"=\"x\"}", "{\"\"}", "{a=\"b\" c=\"d\"}", "{\"\\xff\"=\"x\"}"}) {
    EXPECT_FALSE(parse(query)) << query;
  }
}

TEST(Parser, takes_keywords_for_names_where_prometheus_does) {
  for (const char* query : {"sum", "by", "and", "or", "offset", "start", "end", "count_values{a=\"b\"}", "max[5m]",
                            "fill", "without + by", "limitk", "smoothed", "anchored"}) {
    EXPECT_TRUE(parse(query)) << query << ": " << parse(query).error().message;
  }
  for (const char* query :
       {"bool", "on", "ignoring", "group_left", "group_right", "atan2", "nan{}", "sum by (nan) (x)"}) {
    EXPECT_FALSE(parse(query)) << query;
  }
  EXPECT_EQ(printed("sum by (by, on, bool, sum, without, \"a.b\",) (x)"),
            "sum by (by, on, bool, sum, without, \"a.b\") (x)");
}

TEST(Parser, reads_ranges_offsets_and_anchors) {
  EXPECT_EQ(printed("foo[5m] offset 1m @ 100"), "foo[5m] @ 100.000 offset 1m");
  EXPECT_EQ(printed("foo @ start() offset -90"), "foo @ start() offset -1m30s");
  EXPECT_EQ(printed("foo offset -1h @ -1.5"), "foo @ -1.500 offset -1h");
  EXPECT_EQ(printed("foo @ 1m40s"), "foo @ 100.000");
  EXPECT_EQ(printed("foo[30]"), "foo[30s]");
  EXPECT_EQ(printed("foo[1.5:0x10] @ end()"), "foo[1s500ms:16s] @ end()");
  EXPECT_EQ(printed("rate(foo[5m])[1h : 1m] offset 2d"), "rate(foo[5m])[1h:1m] offset 2d");
  EXPECT_EQ(printed("foo offset 5m [1h:]"), "foo offset 5m[1h:]");
  EXPECT_EQ(node<VectorSelector>(parse("foo @ 1.2345")).shift.at_ms, 1235);
  for (const char* query : {"foo[0]",
                            "foo[-5m]",
                            "foo[0s]",
                            "foo[5m:0]",
                            "foo[5m:-1]",
                            "foo[]",
                            "foo[:1m]",
                            "foo[5m",
                            "foo[5m:",
                            "foo[Inf]",
                            "foo[NaN]",
                            "foo[1e300]",
                            "foo[300y]",
                            "foo offset Inf",
                            "foo @ NaN",
                            "foo @ Inf",
                            "foo @ 1e300",
                            "foo offset 5m offset 5m",
                            "foo @ 1 @ 2",
                            "foo offset 5m [1h]",
                            "foo @ 1 [1h]",
                            "(foo)[5m]",
                            "(foo) offset 5m",
                            "1 offset 5m",
                            "rate(foo[5m]) @ 5",
                            "foo[5m][5m]",
                            "foo[5m][1h:]",
                            "foo offset",
                            "foo @",
                            "foo @ start",
                            "foo @ middle()"}) {
    EXPECT_FALSE(parse(query)) << query;
  }
}

TEST(Parser, reads_aggregations_and_calls) {
  EXPECT_EQ(printed("SUM(x) BY (a,b)"), "sum by (a, b) (x)");
  EXPECT_EQ(printed("topk without(a)(3,x)"), "topk without (a) (3, x)");
  EXPECT_EQ(printed("count_values(\"v\", x)"), "count_values(\"v\", x)");
  EXPECT_EQ(printed("label_join(x, \"a\", \",\")"), "label_join(x, \"a\", \",\")");
  EXPECT_EQ(printed("label_join(x,'a',',','b','c','d')"), "label_join(x, \"a\", \",\", \"b\", \"c\", \"d\")");
  EXPECT_EQ(printed("round(x) + hour()"), "round(x) + hour()");
  for (const char* query : {"sum()",
                            "sum(x, y)",
                            "topk(x)",
                            "topk(x, y)",
                            "count_values(1, x)",
                            "sum(1)",
                            "sum(x[5m])",
                            "sum by x (y)",
                            "rate(x)",
                            "rate()",
                            "abs(x, y)",
                            "abs(x,)",
                            "abs(,x)",
                            "round(x, 1, 2)",
                            "label_join(x, \"a\")",
                            "sum by (a:b) (x)",
                            "sum(x) by (a) by (b)",
                            "sum by (a) (x) by (b)",
                            "clamp(x, y, 1)",
                            "absent(1)",
                            "vector(x)",
                            "time(1)",
                            "x(1)"}) {
    EXPECT_FALSE(parse(query)) << query;
  }
}

TEST(Parser, checks_binary_operators) {
  EXPECT_EQ(printed("a * on(x) group_left (y) b"), "a * on (x) group_left (y) b");
  EXPECT_EQ(printed("a / ignoring(x) group_right b"), "a / ignoring (x) group_right () b");
  EXPECT_EQ(printed("a and on() b"), "a and on () b");
  EXPECT_EQ(printed("1 == bool 1"), "1 == bool 1");
  EXPECT_EQ(node<Binary>(parse("a or b")).matching.card, Matching::many_to_many);
  EXPECT_EQ(parse("1 + 2").value()->type(), ValueType::scalar);
  EXPECT_EQ(parse("1 + x").value()->type(), ValueType::vector);
  for (const char* query : {"1 == 1", "a and 1", "1 or 2", "a + bool b", "a and bool b", "a + \"b\"", "a[5m] + b",
                            "a + on(x) 1", "a and on(x) group_left b", "a + group_left b", "a + on(x) group_left(x) b",
                            "a +", "* a", "a + on x b", "-\"a\"", "-a[5m]", "a b", "a == == b"}) {
    EXPECT_FALSE(parse(query)) << query;
  }
}

TEST(Parser, says_where_and_what_was_probably_meant) {
  EXPECT_EQ(failure("sum by (venue) (rte(orders_total[5m]))"),
            "1:17: parse error: unknown function with name \"rte\" (did you mean \"rate\"?)");
  EXPECT_EQ(failure("a +\n  b nad c"),
            "2:5: parse error: expected an operator or the end of the query, found identifier \"nad\" (did you mean "
            "\"and\"?)");
  EXPECT_EQ(
      failure("rate(foo ofset 5m)"),
      "1:10: parse error: expected \",\", \")\" or an operator (did you mean \"offset\"?), found identifier \"ofset\"");
  EXPECT_EQ(failure("rate(foo)"),
            "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector (a range is "
            "missing, such as [5m])");
  EXPECT_EQ(failure("1 == 1"), "1:3: parse error: comparisons between scalars must use bool modifier: == bool");
  EXPECT_EQ(failure(""), "1:1: parse error: no expression found in input");
  EXPECT_EQ(failure(" # only a note"), "1:15: parse error: no expression found in input");
  EXPECT_EQ(failure("0/"), "1:3: parse error: expected an expression, found end of input");
  EXPECT_EQ(failure("holt_winters(x[5m], 0.1, 0.1)"),
            "1:1: parse error: unknown function with name \"holt_winters\" (Prometheus 3 calls it "
            "\"double_exponential_smoothing\")");
}

TEST(Parser, refuses_what_is_experimental_by_name) {
  for (const char* query :
       {"limitk(1, x)", "limit_ratio(0.5, x)", "limitk by (a) (1, x)", "mad_over_time(x[5m])",
        "sort_by_label(x, \"a\")", "info(x)", "x[5m+1m]", "x[-(5m)]", "x offset (5m)", "rate(x[5m] smoothed)",
        "x anchored", "a + fill(0) b", "first_over_time(x[5m])", "start()", "x[step()]"}) {
    const std::string message = failure(query);
    EXPECT_TRUE(message.find("experimental") != std::string::npos || std::string_view(query) == "x[step()]")
        << query << ": " << message;
  }
}

TEST(Parser, knows_its_limits) {
  EXPECT_TRUE(parse(std::string(400, '(') + "x" + std::string(400, ')')));
  for (const std::string open : {"(", "-", "abs(", "sum by (a) (", "1 + (", "x ^ ", "a or (b and "}) {
    std::string deep;
    while (deep.size() < 900'000) deep += open;
    EXPECT_FALSE(parse(deep + "x")) << open;
  }
  std::string chain = "x";
  for (int i = 0; i < 100'000; ++i) chain += "+x";
  EXPECT_NE(failure(chain).find("nested too deeply"), std::string::npos);
  std::string matrices = "x";
  for (int i = 0; i < 100'000; ++i) matrices += "[5m:]";
  EXPECT_FALSE(parse(matrices));
  EXPECT_NE(failure(std::string(max_query_bytes + 1, ' ')).find("bytes"), std::string::npos);
}

TEST(Parser, reads_a_selector_alone) {
  ASSERT_TRUE(parse_selector("up{job=\"a\"}"));
  EXPECT_EQ(parse_selector("up{job=\"a\"}")->size(), 2U);
  EXPECT_TRUE(parse_selector("{__name__=~\".+\"}"));
  EXPECT_TRUE(parse_selector(" {\"a.b\"} "));
  for (const char* text : {"", "{}", "up[5m]", "up offset 5m", "rate(up[5m])", "up + up", "5", "\"up\""}) {
    EXPECT_FALSE(parse_selector(text)) << text;
  }
}

}  // namespace
}  // namespace bellwether::promql
