// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/yaml_document.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bellwether::config {
namespace {

std::string error_of(std::string_view text, const YamlLimits& limits = {}) {
  const auto root = parse_yaml(text, "file.yml", limits);
  return root ? "no error" : root.error().message;
}

TEST(YamlDocument, GivesValuesWithTheirPlaces) {
  const auto root = parse_yaml("a: 1\nb:\n  - x\n  - \"true\"\nc:\n", "file.yml");
  ASSERT_TRUE(root) << root.error().message;
  ASSERT_EQ(root->kind(), YamlNode::Kind::Mapping);
  EXPECT_EQ(root->find("a")->text(), "1");
  EXPECT_EQ(root->find("a")->position(), (YamlPosition{1, 4}));
  EXPECT_EQ(root->find("b")->key_position(), (YamlPosition{2, 1}));
  EXPECT_EQ(root->find("b")->items().at(0).position(), (YamlPosition{3, 5}));
  EXPECT_FALSE(root->find("b")->items().at(0).quoted());
  EXPECT_TRUE(root->find("b")->items().at(1).quoted());
  EXPECT_TRUE(root->find("c")->is_null());
  EXPECT_EQ(root->find("d"), nullptr);
}

TEST(YamlDocument, TakesAnEmptyFileAsNull) {
  for (const char* text : {"", "\n\n", "# a comment\n", "---\n", "null\n"}) {
    const auto root = parse_yaml(text, "file.yml");
    ASSERT_TRUE(root) << text;
    EXPECT_TRUE(root->is_null()) << text;
  }
}

TEST(YamlDocument, SaysWhereTheSyntaxIsBroken) {
  EXPECT_EQ(error_of("a: [1, 2\nb: 3\n").substr(0, 9), "file.yml:");
  EXPECT_EQ(error_of("a: b: c\n").substr(0, 13), "file.yml:1:5:");
  for (const char* open : {"a: 'x", "a: 'x\n", "a: \"x\nb: 1\n", "a: \"x\nb: 1\n\n"}) {
    EXPECT_NE(error_of(open).find("a quote that was opened before is not closed"), std::string::npos) << open;
  }
}

TEST(YamlDocument, RefusesAKeyThatStandsTwice) {
  EXPECT_EQ(error_of("a: 1\nb: 2\na: 3\n"), "file.yml:3:1: the key \"a\" stands twice (first in line 1): keep one");
}

TEST(YamlDocument, RefusesTagsThatAreNotYamls) {
  EXPECT_NE(error_of("a: !secret x\n").find("file.yml:1:4: the tag !secret is refused"), std::string::npos);
  EXPECT_EQ(error_of("a: !!str x\n"), "no error");
}

TEST(YamlDocument, RefusesKeysThatAreNoText) {
  EXPECT_NE(error_of("? [a, b]\n: 1\n").find("a key must be a single word"), std::string::npos);
  EXPECT_NE(error_of("~: 1\n").find("a key is missing"), std::string::npos);
}

TEST(YamlDocument, RefusesASecondDocument) {
  EXPECT_NE(error_of("a: 1\n---\nb: 2\n").find("a second document begins"), std::string::npos);
}

TEST(YamlDocument, HoldsItsLimits) {
  EXPECT_NE(error_of(std::string(40, '[') + std::string(40, ']')).find("nested deeper than 32 levels"),
            std::string::npos);
  EXPECT_EQ(error_of(std::string(100'000, '[')).substr(0, 13), "file.yml:1:1:");
  EXPECT_EQ(error_of(std::string(100'000, '{')).substr(0, 13), "file.yml:1:1:");
  std::string blocks;
  for (int i = 0; i < 5000; ++i) blocks += "- ";
  EXPECT_NE(error_of(blocks + "x").find("nested deeper than 32 levels"), std::string::npos);
  EXPECT_NE(error_of("a: [1, 2, 3]", {.max_nodes = 3}).find("more than 3 values"), std::string::npos);
  EXPECT_NE(error_of(std::string(2 << 20, 'a')).find("more than 1048576 bytes"), std::string::npos);
}

TEST(YamlDocument, SurvivesBytesThatAreNoYaml) {
  constexpr char alphabet[] = "\0\t\n -:?[]{},&*!|>'\"%@`#a1~\xff\xfe\xc3\xa9\r";
  std::string bytes;
  std::uint32_t seed = 1;
  for (int round = 0; round < 500; ++round) {
    bytes.clear();
    for (int i = 0; i < 64; ++i) {
      seed = seed * 1664525 + 1013904223;
      bytes += alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
    }
    (void)parse_yaml(bytes, "noise");  // a tree or an error, never a crash
  }
}

TEST(YamlDocument, SaysWhyAFileCannotBeRead) {
  const auto missing = load_yaml("/nonexistent/web.yml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(
      missing.error().message,
      "/nonexistent/web.yml: cannot read the file: No such file or directory; check the path and its permissions");
  EXPECT_FALSE(load_yaml("/tmp"));
  const auto endless = load_yaml("/dev/zero");
  ASSERT_FALSE(endless);
  EXPECT_NE(endless.error().message.find("more than 1048576 bytes"), std::string::npos);
}

}  // namespace
}  // namespace bellwether::config
