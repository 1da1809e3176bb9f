// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <regex>

#include "storage/label_index.hpp"

namespace bellwether::storage {
namespace {

Matcher matcher(MatchType type, const std::string& name, const std::string& value) {
  return Matcher::make(type, name, value).value();
}

TEST(LabelSet, FollowsPrometheusRules) {
  const LabelSet labels = LabelSet::make({{"b", "2"}, {"a", "1"}, {"empty", ""}}).value();
  EXPECT_EQ(labels.to_string(), R"({a="1", b="2"})");
  EXPECT_FALSE(LabelSet::make({{"a", "1"}, {"a", "2"}}));
  EXPECT_FALSE(LabelSet::make({{"", "1"}}));
  EXPECT_FALSE(LabelSet::make({{"a", "\xff"}}));
  EXPECT_FALSE(LabelSet::make({{"a", ""}})) << "nothing is left";
  EXPECT_EQ(LabelSet::make({{"my name", "a\"b"}}).value().to_string(), R"({"my name"="a\"b"})");
}

TEST(Matcher, MatchesWholeValuesAsPrometheusDoes) {
  EXPECT_TRUE(matcher(MatchType::regex, "a", "b.").matches("bc"));
  EXPECT_FALSE(matcher(MatchType::regex, "a", "b.").matches("abc"));
  EXPECT_TRUE(matcher(MatchType::regex, "a", "a|b").matches("b"));
  EXPECT_FALSE(matcher(MatchType::regex, "a", "a|b").matches("ab"));
  EXPECT_TRUE(matcher(MatchType::regex, "a", "x.y").matches("x\ny")) << "a dot matches a newline";
  EXPECT_TRUE(matcher(MatchType::not_regex, "a", "x.*").matches(""));
  EXPECT_TRUE(matcher(MatchType::regex, "a", ".*").matches_empty());
  EXPECT_TRUE(matcher(MatchType::regex, "a", "x|").matches_empty());
  EXPECT_FALSE(matcher(MatchType::not_equal, "a", "").matches_empty());
  const auto wrong = Matcher::make(MatchType::regex, "a", "(");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("regular expression '('"), std::string::npos);
}

TEST(LabelIndex, SelectsWhatALookAtEverySeriesWouldSelect) {
  LabelIndex index;
  std::map<std::uint32_t, LabelSet> model;
  std::mt19937 random(5);
  const auto pick = [&](const char* prefix, unsigned n) { return prefix + std::to_string(random() % n); };
  for (int i = 0; i < 600; ++i) {
    const std::string name = pick("metric", 5);
    const std::string venue = random() % 4 == 0 ? "" : pick("venue", 7);
    const std::string side = random() % 3 == 0 ? "" : pick("side", 2);
    const std::string account = pick("account", 40);
    const LabelSet labels =
        LabelSet::make({{"__name__", name}, {"venue", venue}, {"side", side}, {"account", account}}).value();
    model[index.add(labels)] = labels;
  }
  std::vector<std::uint32_t> gone;
  for (const auto& [id, labels] : model) {
    if (random() % 5 == 0) gone.push_back(id);
  }
  index.remove(gone);
  for (const std::uint32_t id : gone) model.erase(id);
  EXPECT_EQ(index.size(), model.size());

  const char* const values[] = {"venue1", "venue1|venue2", "venue.*",       ".*",     ".+", "",
                                "venue9", "side0|",        "account[1-3].", "metric0"};
  const char* const names[] = {"__name__", "venue", "side", "account", "nothing"};
  for (int round = 0; round < 3000; ++round) {
    std::vector<Matcher> matchers;
    for (unsigned k = 0; k <= random() % 3; ++k) {
      matchers.push_back(matcher(static_cast<MatchType>(random() % 4), names[random() % 5], values[random() % 10]));
    }
    std::vector<std::uint32_t> expected;
    for (const auto& [id, labels] : model) {
      bool all = true;
      for (const Matcher& each : matchers) all = all && each.matches(labels.value(each.name()));
      if (all) expected.push_back(id);
    }
    std::string text;
    for (const Matcher& each : matchers) text += each.to_string() + " ";
    ASSERT_EQ(index.select(matchers), expected) << text;
  }
}

TEST(LabelIndex, NamesAndValuesAreThoseOfTheSelected) {
  LabelIndex index;
  index.add(LabelSet::make({{"__name__", "up"}, {"job", "desk"}}).value());
  index.add(LabelSet::make({{"__name__", "orders"}, {"venue", "ibkr"}}).value());
  const std::uint32_t again = index.add(LabelSet::make({{"__name__", "up"}, {"job", "desk"}}).value());
  EXPECT_EQ(again, 0U);
  EXPECT_EQ(index.label_names({}), (std::vector<std::string>{"__name__", "job", "venue"}));
  const std::vector<Matcher> up{matcher(MatchType::equal, "__name__", "up")};
  EXPECT_EQ(index.label_names(up), (std::vector<std::string>{"__name__", "job"}));
  EXPECT_EQ(index.label_values("venue", {}), std::vector<std::string>{"ibkr"});
  EXPECT_TRUE(index.label_values("venue", up).empty());
}

}  // namespace
}  // namespace bellwether::storage
