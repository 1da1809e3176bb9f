// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// Anchors, aliases and merge keys: they give what Prometheus's reader makes of them, and no few lines stand for gigabytes.
#include <gtest/gtest.h>

#include <string>

#include "config/yaml_document.hpp"

namespace bellwether::config {
namespace {

// The tree on one line: {key: value, ...}, [item, ...], ~ for null.
std::string shown(const YamlNode& node) {
  if (node.kind() == YamlNode::Kind::Scalar) return node.text();
  if (node.is_null()) return "~";
  const bool mapping = node.kind() == YamlNode::Kind::Mapping;
  std::string out(1, mapping ? '{' : '[');
  for (const YamlNode& item : node.items()) {
    if (out.size() > 1) out += ", ";
    if (mapping) out += item.key() + ": ";
    out += shown(item);
  }
  out += mapping ? '}' : ']';
  return out;
}

std::string tree_of(std::string_view text, const YamlLimits& limits = {}) {
  const auto root = parse_yaml(text, "f.yml", limits);
  return root ? shown(*root) : root.error().message;
}

TEST(YamlAlias, StandsForItsAnchorsValue) {
  EXPECT_EQ(tree_of("a: &x 1\nb: *x\n"), "{a: 1, b: 1}");
  EXPECT_EQ(tree_of("a: &x [1, {b: 2}]\nc: *x\nd: [*x, *x]\n"),
            "{a: [1, {b: 2}], c: [1, {b: 2}], d: [[1, {b: 2}], [1, {b: 2}]]}");
  EXPECT_EQ(tree_of("- &x\n  a: b\n- *x\n"), "[{a: b}, {a: b}]");
  EXPECT_EQ(tree_of("k: &x |\n  a\n  b\nl: *x\n"), "{k: a\nb\n, l: a\nb\n}");
  EXPECT_EQ(tree_of("a: &x\nb: *x\n"), "{a: ~, b: ~}");
  EXPECT_EQ(tree_of("&all a: 1\nb: *all\n"), "{a: 1, b: a}") << "the anchor of a key";
}

TEST(YamlAlias, KeepsQuotesQuoted) {
  const auto root = parse_yaml("a: &x \"true\"\nb: *x\nc: &y true\nd: *y\n", "f.yml");
  ASSERT_TRUE(root) << root.error().message;
  EXPECT_TRUE(root->find("b")->quoted());
  EXPECT_FALSE(root->find("d")->quoted());
}

TEST(YamlAlias, CanHoldOthersAndTakesTheLastAnchorOfItsName) {
  EXPECT_EQ(tree_of("a: &x 1\nb: &y [*x, 2]\nc: *y\n"), "{a: 1, b: [1, 2], c: [1, 2]}");
  EXPECT_EQ(tree_of("a: &x 1\nb: *x\nc: &x 2\nd: *x\n"), "{a: 1, b: 1, c: 2, d: 2}");
  EXPECT_EQ(tree_of("a: &x [&y 1, *y]\nb: *x\nc: *y\n"), "{a: [1, 1], b: [1, 1], c: 1}");
}

TEST(YamlAlias, MayBeAKey) {
  EXPECT_EQ(tree_of("a: &x name\nb: {*x : 1}\n"), "{a: name, b: {name: 1}}");
  EXPECT_EQ(tree_of("a: &x [1]\nb: {*x : 1}\n"), "f.yml:2:5: a key must be a single word or text");
  EXPECT_EQ(tree_of("a: &x b\nb: 1\n*x : 2\n"), "f.yml:3:1: the key \"b\" stands twice (first in line 2): keep one");
}

TEST(YamlAlias, PointsAtTheAnchorsContentAndSaysWhereItIsUsed) {
  const auto root = parse_yaml("a: &x\n  k: v\nb: *x\nc: &y 7\nd:\n  e: *y\n", "f.yml");
  ASSERT_TRUE(root) << root.error().message;
  EXPECT_EQ(root->find("a")->find("k")->error("wrong").message, "f.yml:2:6: wrong");
  const YamlNode& value = *root->find("b")->find("k");
  EXPECT_EQ(value.position(), (YamlPosition{2, 6}));
  EXPECT_EQ(value.error("wrong").message, "f.yml:2:6: wrong (used by the alias in line 3)");
  EXPECT_EQ(value.key_error("wrong").message, "f.yml:2:3: wrong (used by the alias in line 3)");
  EXPECT_EQ(root->find("d")->find("e")->position(), (YamlPosition{4, 7})) << "the value, not its anchor";
  EXPECT_EQ(root->find("d")->find("e")->key_error("wrong").message, "f.yml:6:3: wrong") << "the key stands here";
}

TEST(YamlAlias, OfAnAliasSaysTheOutermostLine) {
  const auto root = parse_yaml("a: &x 1\nb: &y [*x]\nc: *y\n", "f.yml");
  ASSERT_TRUE(root) << root.error().message;
  EXPECT_EQ(root->find("b")->items().at(0).error("w").message, "f.yml:1:7: w (used by the alias in line 2)");
  EXPECT_EQ(root->find("c")->items().at(0).error("w").message, "f.yml:1:7: w (used by the alias in line 3)");
}

TEST(YamlAlias, IsRefusedWithoutItsAnchor) {
  const std::string none =
      "this alias has no anchor before it: write the anchor at the value it stands for; a text that begins with * "
      "stands "
      "in quotes";
  EXPECT_EQ(tree_of("password: *s3cret\n"), "f.yml:1:11: " + none) << "perhaps a password: it is not repeated";
  EXPECT_EQ(tree_of("a: &defaults 1\nb: [*default]\n"),
            "f.yml:2:5: the alias *default has no anchor before it: did you mean *defaults?");
  EXPECT_EQ(tree_of("a: *later\nb: &later 1\n"), "f.yml:1:4: " + none);
}

TEST(YamlAlias, IsRefusedInsideItsOwnAnchor) {
  EXPECT_EQ(tree_of("a: &x\n  b: [*x]\n"),
            "f.yml:2:7: the alias *x stands inside its own anchor (line 1): nothing can contain itself");
  EXPECT_NE(tree_of("&x {<<: *x}\n").find("stands inside its own anchor"), std::string::npos);
  EXPECT_EQ(tree_of("a: &x 1\nb: &x [*x]\n").find("f.yml:2:8: the alias *x stands inside"), 0u)
      << "the inner anchor hides the outer";
}

TEST(YamlMerge, BringsTheKeysThatAreNotWrittenOut) {
  EXPECT_EQ(tree_of("a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  l: 3\n"), "{a: {k: 1, l: 2}, b: {l: 3, k: 1}}");
  EXPECT_EQ(tree_of("a: &x {k: 1, l: 2}\nb:\n  l: 3\n  <<: *x\n"), "{a: {k: 1, l: 2}, b: {l: 3, k: 1}}")
      << "before the merge too";
  EXPECT_EQ(tree_of("a: {<<: {k: 1}, l: 2}\n"), "{a: {l: 2, k: 1}}");
  EXPECT_EQ(tree_of("a: &x {k: {m: 1}}\nb: {<<: *x, k: {n: 2}}\n"), "{a: {k: {m: 1}}, b: {k: {n: 2}}}")
      << "whole values";
  EXPECT_EQ(tree_of("a: &x {}\nb: {<<: *x}\n"), "{a: {}, b: {}}");
}

TEST(YamlMerge, OfAListLetsTheEarlierWin) {
  const std::string both = "a: &x {k: 1, l: 2}\nb: &y {k: 3, m: 4}\n";
  EXPECT_EQ(tree_of(both + "c: {<<: [*x, *y]}\n"), "{a: {k: 1, l: 2}, b: {k: 3, m: 4}, c: {k: 1, l: 2, m: 4}}");
  EXPECT_EQ(tree_of(both + "c: {<<: [*y, *x]}\n"), "{a: {k: 1, l: 2}, b: {k: 3, m: 4}, c: {k: 3, m: 4, l: 2}}");
  EXPECT_EQ(tree_of(both + "c: {<<: [{k: 9}, *x]}\n"), "{a: {k: 1, l: 2}, b: {k: 3, m: 4}, c: {k: 9, l: 2}}");
}

TEST(YamlMerge, GoesThroughMerges) {
  EXPECT_EQ(tree_of("a: &x {k: 1}\nb: &y {<<: *x, l: 2}\nc: {<<: *y, m: 3}\n"),
            "{a: {k: 1}, b: {l: 2, k: 1}, c: {m: 3, l: 2, k: 1}}");
}

TEST(YamlMerge, SaysWhereAMergedValueStandsAndWhereItIsUsed) {
  const auto root = parse_yaml("a: &x\n  k: v\nb:\n  <<: *x\n", "f.yml");
  ASSERT_TRUE(root) << root.error().message;
  EXPECT_EQ(root->find("b")->find("k")->error("w").message, "f.yml:2:6: w (used by the alias in line 4)");
  EXPECT_EQ(root->find("b")->find("k")->key_error("w").message, "f.yml:2:3: w (used by the alias in line 4)");
}

TEST(YamlMerge, RefusesWhatIsNoMapping) {
  EXPECT_EQ(
      tree_of("a: &x 1\nb: {<<: *x}\n"),
      "f.yml:1:7: << merges mappings only: write <<: *name or <<: [*first, *second] of mappings (used by the alias in "
      "line 2)");
  EXPECT_EQ(tree_of("a:\n  <<: 5\n").substr(0, 32), "f.yml:2:7: << merges mappings on");
  EXPECT_EQ(tree_of("a:\n  <<:\n").find("<< merges mappings only"), 11u);
  EXPECT_EQ(tree_of("a:\n  <<: [{k: 1}, 2]\n").substr(0, 32), "f.yml:2:16: << merges mappings o");
  EXPECT_EQ(tree_of("a: &x [{k: 1}]\nb: {<<: *x}\n"),
            "f.yml:2:9: << does not take the alias of a list: write the list here, as in <<: [*first, *second]");
}

TEST(YamlMerge, RefusesKeysThatStandTwice) {
  EXPECT_EQ(tree_of("a: &x {k: 1}\nb:\n  <<: *x\n  <<: *x\n"),
            "f.yml:4:3: the key \"<<\" stands twice (first in line 3): write one with a list, as in <<: [*first, "
            "*second]");
  EXPECT_EQ(tree_of("a: &x {k: 1}\nb:\n  <<: *x\n  k: 1\n  k: 2\n").find("f.yml:5:3: the key \"k\" stands twice"), 0u);
  EXPECT_EQ(tree_of("a: {<<: {k: 1, k: 2}}\n").find("f.yml:1:16: the key \"k\" stands twice"), 0u);
}

TEST(YamlMerge, IsAKeyLikeAnyOtherInQuotes) {
  EXPECT_EQ(tree_of("a: &x {k: 1}\nb: {\"<<\": *x}\n"), "{a: {k: 1}, b: {<<: {k: 1}}}");
  EXPECT_EQ(tree_of("a: &x {k: 1}\nb: {!!merge <<: *x}\n"), "{a: {k: 1}, b: {k: 1}}") << "as other tools write it";
  EXPECT_NE(tree_of("a: !!merge <<\n").find("is refused"), std::string::npos);
}

TEST(YamlAlias, CannotStandForGigabytes) {
  // The classic: nine lines that stand for a billion values.
  std::string values = "a: &a [l, l, l, l, l, l, l, l, l]\n";
  for (char c = 'b'; c < 'j'; ++c) {
    const std::string before = std::string("*") + static_cast<char>(c - 1);
    values.append(1, c).append(": &").append(1, c).append(" [").append(before);
    for (int i = 0; i < 8; ++i) values.append(", ").append(before);
    values.append("]\n");
  }
  EXPECT_EQ(tree_of(values, {.max_nodes = 5000}),
            "f.yml:4:24: more than 5000 values with what the aliases stand for: use fewer, or split the file");
  EXPECT_EQ(tree_of(values, {.max_aliased_nodes = 3000}),
            "f.yml:4:16: the aliases stand for more than 3000 values: use fewer, or split the file");
  // One long text, often.
  std::string bytes = "a: &a " + std::string(50'000, 'x') + "\nb: [";
  for (int i = 0; i < 1000; ++i) bytes += "*a,";
  EXPECT_EQ(tree_of(bytes + "]\n").find("f.yml:2:"), 0u);
  EXPECT_NE(tree_of(bytes + "]\n").find("the aliases stand for more than 16777216 bytes"), std::string::npos);
  // The same as keys.
  std::string keys = "a: &a " + std::string(50'000, 'x') + "\nb:\n";
  for (int i = 0; i < 1000; ++i) keys += "- *a : 1\n";
  EXPECT_NE(tree_of(keys).find("the aliases stand for more than 16777216 bytes"), std::string::npos);
  // Merges that give nothing.
  std::string merges = "a: &a {k: 1}\nb: {<<: [";
  for (int i = 0; i < 3000; ++i) merges += "*a,";
  EXPECT_NE(tree_of(merges + "*a]}\n", {.max_nodes = 5000}).find("more than 5000 values with what"), std::string::npos);
  // Anchors around anchors: kept once.
  std::string nested = "a: ";
  for (int i = 0; i < 30; ++i) nested += "&n" + std::to_string(i) + " [";
  EXPECT_EQ(tree_of(nested + "1" + std::string(30, ']') + "\nb: *n0\n").substr(0, 6), "{a: [[");
}

TEST(YamlAlias, HoldsTheDepthLimit) {
  EXPECT_EQ(tree_of("a: &a [[1]]\nb: &b [[*a]]\nc: [[*b]]\n", {.max_depth = 5}),
            "f.yml:1:4: nested deeper than 5 levels: flatten it (used by the alias in line 3)");
}

}  // namespace
}  // namespace bellwether::config
