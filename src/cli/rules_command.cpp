// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/rules_command.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "cli/monitor_login.hpp"
#include "cli/monitor_metrics_catalogue.hpp"
#include "cli/query_client.hpp"
#include "rules/check/check_rules.hpp"
#include "rules/test/test_report.hpp"
#include "template/pattern.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

constexpr int failed = 1;

struct CheckArguments {
  std::vector<std::string> files;
  std::string metrics;
  QueryPlace place{.url = "", .directory = "", .http_config = ""};
  bool strict = false;
};

struct TestArguments {
  std::vector<std::string> files;
  std::string only;
  std::string junit;
};

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{path + ": " + std::strerror(errno)};
  return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// What is told of metrics: none, or an error.
Result<std::unique_ptr<rules::MetricCatalogue>> catalogue(const CheckArguments& arguments,
                                                          const rules::RuleFiles& files) {
  std::unique_ptr<rules::MetricCatalogue> known;
  if (!arguments.metrics.empty()) {
    const auto text = read_file(arguments.metrics);
    if (!text) return text.error();
    auto read = rules::catalogue_of_scrape(*text);
    if (!read) return Error{arguments.metrics + ": " + read.error().message};
    known = std::make_unique<rules::MetricCatalogue>(std::move(*read));
  } else if (!arguments.place.url.empty() || !arguments.place.directory.empty()) {
    auto read = catalogue_of_monitor(arguments.place, files.metrics());
    if (!read) return read.error();
    known = std::make_unique<rules::MetricCatalogue>(std::move(*read));
  }
  return known;
}

int check(const CheckArguments& arguments) {
  const rules::RuleFiles files = rules::read_rule_files(arguments.files);
  for (const std::string& error : files.errors) fmt::print(stderr, "{}\n", error);
  const auto known = catalogue(arguments, files);
  if (!known) {
    fmt::print(stderr, "bellwether: {}\n", known.error().message);
    return failed;
  }
  const std::vector<std::string> lints = rules::lint_rules(files, known->get());
  for (const std::string& lint : lints) fmt::print("{}\n", lint);
  std::size_t count = 0;
  for (const rules::GroupDefinition& group : files.groups) count += group.rules.size();
  fmt::print("{} rules in {} groups of {} files: {} errors, {} warnings\n", count, files.groups.size(),
             arguments.files.size(), files.errors.size(), lints.size());
  return files.errors.empty() && (lints.empty() || !arguments.strict) ? 0 : failed;
}

int test(const TestArguments& arguments) {
  if (const auto pattern = templates::pattern_found(arguments.only, ""); !pattern) {
    fmt::print(stderr, "bellwether: --run: {}\n", pattern.error().message);
    return failed;
  }
  std::vector<rules::TestFileOutcome> outcomes;
  bool passed = true;
  for (const std::string& file : arguments.files) {
    outcomes.push_back(rules::run_test_file(file, [&](std::string_view name) {
      const auto found = templates::pattern_found(arguments.only, name);
      return found && *found;
    }));
    passed = passed && outcomes.back().passed();
  }
  fmt::print("{}", rules::report_text(outcomes));
  if (!arguments.junit.empty()) {
    std::ofstream file(arguments.junit, std::ios::binary);
    file << rules::report_junit(outcomes);
    file.close();
    if (!file) {
      fmt::print(stderr, "bellwether: {} cannot be written: {}\n", arguments.junit, std::strerror(errno));
      return failed;
    }
  }
  return passed ? 0 : failed;
}

}  // namespace

void add_rules_command(CLI::App& app, int& status) {
  CLI::App* const rules = app.add_subcommand("rules", "Check rule files, and run their tests");
  rules->require_subcommand(1);

  auto checked = std::make_shared<CheckArguments>();
  CLI::App* const checking = rules->add_subcommand("check", "Say what is wrong in rule files, and what probably is");
  checking->footer(
      "Examples:\n"
      "  bellwether rules check rules/*.yml\n"
      "  curl -s localhost:9464/metrics > scrape.txt; bellwether rules check rules/*.yml --metrics scrape.txt\n"
      "  bellwether rules check rules/*.yml --url http://127.0.0.1:9090 --strict\n");
  checking->add_option("FILE", checked->files, "Rule files; what one records, another may use")->required();
  CLI::Option* const scrape =
      checking->add_option("--metrics", checked->metrics, "What targets export, as scraped")->type_name("FILE");
  CLI::Option* const url =
      checking->add_option("--url", checked->place.url, "A monitor or Prometheus that knows the metrics")
          ->excludes(scrape);
  checking->add_option("--data", checked->place.directory, "A data directory that no monitor is running on")
      ->type_name("DIR")
      ->excludes(scrape)
      ->excludes(url);
  add_login_option(*checking, checked->place.http_config);
  checking->add_flag("--strict", checked->strict, "Warnings are failures");
  checking->callback([checked, &status] { status = check(*checked); });

  auto tested = std::make_shared<TestArguments>();
  CLI::App* const testing = rules->add_subcommand("test", "Run tests of rules: promtool's files");
  testing->footer(
      "Examples:\n"
      "  bellwether rules test rules/tests/*.yml\n"
      "  bellwether rules test desk_test.yml --run 'KillSwitch.*fires' --junit results.xml\n");
  testing->add_option("FILE", tested->files, "Test files, as promtool test rules takes them")->required();
  testing->add_option("--run", tested->only, "Only tests whose name has this in it")->type_name("REGEX");
  testing->add_option("--junit", tested->junit, "Write results as JUnit's XML, too")->type_name("FILE");
  testing->callback([tested, &status] { status = test(*tested); });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
