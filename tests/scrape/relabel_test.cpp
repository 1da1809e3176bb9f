// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/relabel.hpp"

#include <gtest/gtest.h>

#include "scrape/relabel_values.hpp"

namespace bellwether::scrape {
namespace {

using config::RelabelAction;
using config::RelabelConfig;
using Labels = std::map<std::string, std::string>;

const Labels start{{"__name__", "orders_total"}, {"a", "foo"}, {"b", "bar"}, {"c", "baz"}};

// Nothing where the labels are dropped.
std::optional<Labels> relabelled(const std::vector<RelabelConfig>& steps, const Labels& labels = start) {
  auto relabeller = Relabeller::make(steps);
  EXPECT_TRUE(relabeller) << relabeller.error().message;
  LabelBuffer buffer;
  for (const auto& [name, value] : labels) buffer.set(name, value);
  if (!relabeller || !relabeller->apply(buffer)) return std::nullopt;
  Labels after;
  std::string last;
  for (const LabelView& label : buffer.labels()) {
    EXPECT_LT(last, label.name) << "sorted, none twice";
    EXPECT_FALSE(label.value.empty());
    last = label.name;
    after.emplace(label.name, label.value);
  }
  return after;
}

Labels with(const std::string& name, const std::string& value) {
  Labels labels = start;
  labels[name] = value;
  return labels;
}

std::string expanded(const std::string& regex, const std::string& source, const std::string& replacement) {
  const auto after = relabelled(
      {{.source_labels = {"s"}, .regex = regex, .target_label = "t", .replacement = replacement}}, {{"s", source}});
  return after && after->count("t") == 1 ? after->at("t") : "";
}

TEST(Relabel, ReplaceJoinsTheSourceAndExpandsGroups) {
  EXPECT_EQ(relabelled({{.source_labels = {"a", "b"}, .target_label = "d"}}), with("d", "foo;bar"));
  EXPECT_EQ(relabelled({{.source_labels = {"a", "no", "b"}, .separator = "-", .target_label = "d"}}),
            with("d", "foo--bar"));
  EXPECT_EQ(relabelled({{.source_labels = {"a"}, .regex = "f(.*)", .target_label = "d", .replacement = "ch${1}-ch$1"}}),
            with("d", "choo-choo"));
  EXPECT_EQ(relabelled({{.source_labels = {"a"}, .regex = "o", .target_label = "d", .replacement = "x"}}), start)
      << "the whole must match";
  EXPECT_EQ(relabelled({{.source_labels = {"a"}, .regex = "(f)(.*)", .target_label = "${1}_x", .replacement = "$2"}}),
            with("f_x", "oo"));
  EXPECT_EQ(relabelled({{.target_label = "d", .replacement = "fixed"}}), with("d", "fixed"));
}

TEST(Relabel, AnEmptyResultRemovesTheLabel) {
  Labels without = start;
  without.erase("a");
  EXPECT_EQ(relabelled({{.target_label = "a", .replacement = ""}}), without);
  EXPECT_EQ(relabelled({{.source_labels = {"no"}, .target_label = "a"}}), without);
  EXPECT_EQ(relabelled({{.source_labels = {"no"}, .regex = "(.+)", .target_label = "a"}}), start);
}

TEST(Relabel, ExpandsAsGoDoes) {
  EXPECT_EQ(expanded("(a)(b)?", "a", "[$1|$2|$3|$0]"), "[a|||a]");
  EXPECT_EQ(expanded("(a)", "a", "$1x"), "") << "the group \"1x\" is none";
  EXPECT_EQ(expanded("(a)", "a", "${1}x"), "ax");
  EXPECT_EQ(expanded("(?P<who>a)", "a", "$who-${who}-$whom"), "a-a-");
  EXPECT_EQ(expanded("(a)", "a", "$$1"), "$1");
  EXPECT_EQ(expanded("(a)", "a", "x$"), "x$");
  EXPECT_EQ(expanded("(a)", "a", "x${1"), "x${1");
  EXPECT_EQ(expanded("(a)", "a", "${}y$-"), "${}y$-");
  EXPECT_EQ(expanded("(a)", "a", "$01-$99999999999"), "-");
  EXPECT_EQ(expanded("(.*)", "l1\nl2", "$1"), "l1\nl2") << ". matches a line break";
  EXPECT_EQ(expanded("(\\p{L}+)", "Zürich", "$1"), "Zürich");
}

TEST(Relabel, KeepsAndDrops) {
  EXPECT_EQ(relabelled({{.source_labels = {"a"}, .regex = "f.*", .action = RelabelAction::keep}}), start);
  EXPECT_EQ(relabelled({{.source_labels = {"a"}, .regex = "o", .action = RelabelAction::keep}}), std::nullopt);
  EXPECT_EQ(relabelled({{.source_labels = {"a"}, .regex = "foo|x", .action = RelabelAction::drop}}), std::nullopt);
  EXPECT_EQ(relabelled({{.source_labels = {"a"}, .regex = "fo", .action = RelabelAction::drop}}), start);
  EXPECT_EQ(relabelled({{.source_labels = {"no"}, .regex = "", .action = RelabelAction::drop}}), std::nullopt);
  EXPECT_EQ(relabelled({{.source_labels = {"a"}, .regex = "x|", .action = RelabelAction::keep}}), std::nullopt);
  const Labels pair{{"x", "1"}, {"y", "1"}, {"z", "2"}};
  EXPECT_EQ(relabelled({{.source_labels = {"x"}, .target_label = "y", .action = RelabelAction::keepequal}}, pair),
            pair);
  EXPECT_EQ(relabelled({{.source_labels = {"x"}, .target_label = "z", .action = RelabelAction::keepequal}}, pair),
            std::nullopt);
  EXPECT_EQ(relabelled({{.source_labels = {"x"}, .target_label = "y", .action = RelabelAction::dropequal}}, pair),
            std::nullopt);
  EXPECT_EQ(relabelled({{.source_labels = {"x"}, .target_label = "z", .action = RelabelAction::dropequal}}, pair),
            pair);
}

// The figures are those of `md5sum`.
TEST(Relabel, HashmodTakesTheLastEightBytesOfMd5) {
  EXPECT_EQ(md5_tail(""), 0xe9800998ecf8427eU);
  EXPECT_EQ(md5_tail("foo"), 0xedef654fccc4a4d8U);
  EXPECT_EQ(
      relabelled({{.source_labels = {"no"}, .modulus = 1000, .target_label = "d", .action = RelabelAction::hashmod}}),
      with("d", std::to_string(0xe9800998ecf8427eU % 1000)));
}

TEST(Relabel, MapsAndRemovesByName) {
  EXPECT_EQ(relabelled({{.regex = "__meta_(.+)", .action = RelabelAction::labelmap}},
                       {{"__meta_x", "1"}, {"x", "2"}, {"y", "3"}}),
            (Labels{{"__meta_x", "1"}, {"x", "1"}, {"y", "3"}}));
  EXPECT_EQ(relabelled({{.regex = "(.)", .replacement = "n_$1", .action = RelabelAction::labelmap}},
                       {{"a", "1"}, {"b", "2"}}),
            (Labels{{"a", "1"}, {"b", "2"}, {"n_a", "1"}, {"n_b", "2"}}));
  EXPECT_EQ(relabelled({{.regex = "a|b", .action = RelabelAction::labeldrop}}),
            (Labels{{"__name__", "orders_total"}, {"c", "baz"}}));
  EXPECT_EQ(relabelled({{.regex = "a|b", .action = RelabelAction::labelkeep}}), (Labels{{"a", "foo"}, {"b", "bar"}}));
}

TEST(Relabel, ChangesCaseOfAllScripts) {
  EXPECT_EQ(relabelled({{.source_labels = {"s"}, .target_label = "s", .action = RelabelAction::uppercase}},
                       {{"s", "zürich Ωmega ы\U00010428 1"}}),
            (Labels{{"s", "ZÜRICH ΩMEGA Ы\U00010400 1"}}));
  EXPECT_EQ(
      relabelled({{.source_labels = {"s"}, .target_label = "t", .action = RelabelAction::lowercase}}, {{"s", "ÀB"}}),
      (Labels{{"s", "ÀB"}, {"t", "àb"}}));
  EXPECT_EQ(relabelled({{.source_labels = {"s"}, .target_label = "s", .action = RelabelAction::lowercase}},
                       {{"s", "A\xff\xc3"}}),
            (Labels{{"s", "a\xff\xc3"}}))
      << "bytes that are no UTF-8 stay";
}

TEST(Relabel, TakesNamesInUtf8AndLegacyOnesAlone) {
  const std::vector<RelabelConfig> dotted{{.source_labels = {"a.b"}, .regex = "(.+)", .target_label = "${1}.ü"}};
  EXPECT_EQ(relabelled(dotted, {{"a.b", "x"}}), (Labels{{"a.b", "x"}, {"x.ü", "x"}}));
  const std::vector<RelabelConfig> made{{.source_labels = {"s"}, .target_label = "$1"}};
  auto legacy = Relabeller::make(made, config::NameValidation::legacy);
  ASSERT_TRUE(legacy) << legacy.error().message;
  LabelBuffer buffer;
  buffer.set("s", "a.b");
  EXPECT_TRUE(legacy->apply(buffer));
  EXPECT_EQ(buffer.labels().size(), 1U) << "a.b is no legacy name: nothing is written";
}

TEST(Relabel, StepsSeeWhatTheOnesBeforeDid) {
  EXPECT_EQ(relabelled({{.source_labels = {"a"}, .regex = "f(.*)", .target_label = "d", .replacement = "x$1"},
                        {.source_labels = {"d"}, .regex = "x(.*)", .target_label = "d", .replacement = "y$1"},
                        {.source_labels = {"d", "d"}, .target_label = "d"},
                        {.source_labels = {"d"}, .regex = "yoo;yoo", .action = RelabelAction::keep},
                        {.regex = "[^d]+", .action = RelabelAction::labeldrop}}),
            (Labels{{"d", "yoo;yoo"}}));
}

TEST(Relabel, AStepThatCannotBeIsAnError) {
  const std::vector<RelabelConfig> steps{{.target_label = "a"}, {.regex = "("}};
  EXPECT_EQ(Relabeller::make(steps).error().message.rfind("relabelling step 2: the regex does not compile", 0), 0U);
}

TEST(LabelBuffer, StaysSortedWhateverTheOrder) {
  LabelBuffer buffer;
  for (const char* name : {"m", "z", "a", "m", "k"}) buffer.set(name, "1");
  buffer.set_copy("b", std::string("temporary text that is too long for a small string"));
  buffer.set("z", "");
  buffer.remove("nobody");
  std::string names;
  for (const LabelView& label : buffer.labels()) names += label.name;
  EXPECT_EQ(names, "abkm");
  EXPECT_EQ(buffer.value("b").size(), 50U);
  EXPECT_EQ(buffer.value("z"), "");
  buffer.reset();
  EXPECT_TRUE(buffer.labels().empty());
}

}  // namespace
}  // namespace bellwether::scrape
