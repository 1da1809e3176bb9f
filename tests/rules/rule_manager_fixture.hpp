// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/exposition.hpp>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "rules/rule_fixture.hpp"
#include "rules/rule_manager.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// A manager without threads, with files of rules and pushes.
class RuleManagerTest : public RuleTest {
 protected:
  void TearDown() override {
    manager.reset();
    RuleTest::TearDown();
  }
  RuleManagerOptions manager_options() {
    RuleManagerOptions options;
    options.clock = &clock;
    options.registry = &registry;
    options.threads = false;
    options.sink = [this](const std::vector<Alert>& alerts) { told.insert(told.end(), alerts.begin(), alerts.end()); };
    return options;
  }
  Result<void> apply(const std::string& rules, const std::string& name = "r.yml") {
    std::ofstream(directory + "/" + name) << rules;
    RuleSettings settings;
    settings.files = {directory + "/*.yml"};
    settings.evaluation_interval = milliseconds(minute);
    return manager->apply(settings);
  }
  void start(const std::string& rules) {
    manager = std::make_unique<RuleManager>(*store, manager_options());
    const Result<void> applied = apply(rules);
    ASSERT_TRUE(applied) << applied.error().message;
  }
  void at(std::int64_t time) {
    clock.jump_to(milliseconds(time));
    manager->run_due();
  }
  /// As the streams do it: first the store has the samples, then the rules hear what was pushed.
  void push(const std::string& name, std::int64_t time, double value, const std::string& job = "a") {
    clock.jump_to(milliseconds(time));
    set({{"__name__", name}, {"job", job}}, time, value);
    manager->on_pushed("# TYPE " + name + " gauge\n" + name + "{job=\"" + job + "\"} " + std::to_string(value) + ' ' +
                       std::to_string(time) + "\n");
  }
  std::string metric(const std::string& name) {
    const std::string text = '\n' + render(registry);
    const std::size_t at = text.find('\n' + name + ' ');
    return at == std::string::npos ? ""
                                   : text.substr(at + name.size() + 2, text.find('\n', at + 1) - at - name.size() - 2);
  }

  Registry registry;
  std::unique_ptr<RuleManager> manager;
};

inline constexpr const char* kill_rules = R"(
groups:
- name: g
  rules:
  - {alert: Kill, expr: kill > 0, labels: {severity: P0}}
)";

}  // namespace rules
BELLWETHER_NAMESPACE_END
