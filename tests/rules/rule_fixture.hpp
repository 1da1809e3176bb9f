// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <bellwether/registry.hpp>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "promql/parser.hpp"
#include "rules/rule_group.hpp"
#include "rules/rule_manager.hpp"
#include "rules/rule_store.hpp"
#include "storage/byte_stream.hpp"
#include "storage/store_fixture.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

using std::chrono::milliseconds;

/// A store, groups of rules on it with simulated time, and all alerts that they told.
class RuleTest : public storage::StoreTest {
 protected:
  static constexpr std::int64_t second = 1000;
  static constexpr std::int64_t minute = 60 * second;

  void SetUp() override {
    StoreTest::SetUp();
    open();
  }
  void TearDown() override {
    former.reset();
    group.reset();
    rule_store.reset();
    StoreTest::TearDown();
  }

  std::shared_ptr<const RuleContext> context() {
    if (rule_store == nullptr) rule_store = std::make_unique<SeriesRuleStore>(*store);
    auto made = std::make_shared<RuleContext>();
    made->store = rule_store.get();
    made->expand = [](std::string_view text, const TemplateContext& of) -> Result<std::string> {
      if (text == "{{ fail }}") return Error{"it fails"};
      if (text == "{{ query }}") {
        const auto found = of.query("x");
        return found ? std::to_string(found->size()) : found.error().message;
      }
      return std::string(of.name) + ' ' + std::to_string(static_cast<int>(of.value)) + ' ' + of.labels.begin()->second;
    };
    made->sink = [this](const std::vector<Alert>& alerts) { told.insert(told.end(), alerts.begin(), alerts.end()); };
    made->external_labels = {{"region", "eu"}};
    made->external_url = "http://monitor";
    made->log = [this](std::string_view text) { logged.emplace_back(text); };
    made->clock = &clock;
    return made;
  }
  void load(const std::string& rules, const std::string& group_keys = "interval: 1m") {
    RuleFileReport report =
        read_rule_file_text("groups:\n- name: g\n  " + group_keys + "\n  rules:\n" + rules, "r.yml");
    ASSERT_TRUE(report.groups) << report.errors.front();
    auto fresh = std::make_unique<RuleGroup>(report.groups->front(), RuleGroup::Defaults{}, context());
    if (group != nullptr) fresh->take_over(*group);
    former = std::move(group);
    group = std::move(fresh);
  }
  void set(std::initializer_list<storage::LabelView> labels, std::int64_t time, double value) {
    append(series(labels), time, value);
  }
  void set_x(std::int64_t time, double value) { set({{"__name__", "x"}, {"job", "a"}}, time, value); }

  GroupReport run(std::int64_t time) {
    clock.jump_to(milliseconds(time));
    told.clear();
    return group->evaluate(time);
  }
  /// Values by time of the only series that has this name and passes; a marker is -1.
  std::vector<std::pair<std::int64_t, double>> samples(const std::string& selector) {
    const auto matchers = promql::parse_selector(selector).value();
    storage::Selection selection = store->querier().select(matchers, noon - 100 * minute, noon + 1000 * minute);
    std::vector<std::pair<std::int64_t, double>> out;
    EXPECT_LE(selection.size(), 1U) << selector;
    if (selection.size() == 0) return out;
    storage::FloatColumns rows;
    selection.read(0, rows);
    for (std::size_t i = 0; i < rows.times.size(); ++i) {
      out.emplace_back(rows.times[i] - noon, storage::is_stale(rows.values[i]) ? -1 : rows.values[i]);
    }
    return out;
  }
  /// "firing 60" and "resolved 60 120": seconds after noon.
  std::vector<std::string> told_texts() const {
    std::vector<std::string> texts;
    for (const Alert& alert : told) {
      const bool over = alert.ends_ms <= alert.updated_ms;
      texts.push_back((over ? "resolved " : "firing ") + std::to_string((alert.starts_ms - noon) / second) +
                      (over ? ' ' + std::to_string((alert.ends_ms - noon) / second) : ""));
    }
    return texts;
  }
  using Texts = std::vector<std::string>;
  using Rows = std::vector<std::pair<std::int64_t, double>>;
  RuleState rule(std::size_t i = 0) const { return group->state().rules.at(i); }

  std::unique_ptr<SeriesRuleStore> rule_store;
  std::unique_ptr<RuleGroup> group;
  std::unique_ptr<RuleGroup> former;
  std::vector<Alert> told;
  std::vector<std::string> logged;
};

}  // namespace rules
BELLWETHER_NAMESPACE_END
