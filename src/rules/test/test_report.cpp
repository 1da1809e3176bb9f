// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/test/test_report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "rules/rule_templates.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

std::string indented(const std::string& text, std::string_view indent) {
  std::string out{indent};
  for (const char c : text) {
    out += c;
    if (c == '\n') out += indent;
  }
  return out + "\n";
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

std::string seconds_text(double seconds) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", seconds);
  return text.data();
}

std::size_t failed_tests(const TestFileOutcome& file) {
  return static_cast<std::size_t>(std::count_if(file.tests.begin(), file.tests.end(),
                                                [](const TestOutcome& test) { return !test.failures.empty(); }));
}

}  // namespace

bool TestFileOutcome::passed() const noexcept {
  return errors.empty() && failed_tests(*this) == 0;
}

TestFileOutcome run_test_file(const std::string& path, const std::function<bool(std::string_view)>& chosen) {
  TestFileOutcome outcome;
  outcome.path = path;
  TestFileReport read = read_test_file(path);
  outcome.errors = std::move(read.errors);
  outcome.warnings = std::move(read.warnings);
  if (!read.file) return outcome;
  std::vector<GroupDefinition> groups;
  for (const std::string& rule_file : read.file->rule_files) {
    RuleFileReport rules = read_rule_file(rule_file, check_rule_template);
    outcome.errors.insert(outcome.errors.end(), rules.errors.begin(), rules.errors.end());
    if (rules.groups) std::move(rules.groups->begin(), rules.groups->end(), std::back_inserter(groups));
  }
  if (!outcome.errors.empty()) return outcome;
  for (const TestGroup& test : read.file->tests) {
    if (chosen && !chosen(test.name)) continue;
    outcome.tests.push_back(run_test(*read.file, test, groups));
  }
  return outcome;
}

std::string report_text(const std::vector<TestFileOutcome>& files) {
  std::string text;
  std::size_t tests = 0;
  std::size_t failed = 0;
  std::size_t broken = 0;
  for (const TestFileOutcome& file : files) {
    const std::size_t here = failed_tests(file);
    tests += file.tests.size();
    failed += here;
    if (!file.errors.empty()) {
      ++broken;
      text += file.path + ": cannot be run\n" + indented(joined(file.errors), "  ");
    } else {
      text += file.path + ": " + std::to_string(file.tests.size() - here) + " of " + std::to_string(file.tests.size()) +
              " tests passed\n";
    }
    for (const std::string& warning : file.warnings) text += "  warning: " + warning + "\n";
    for (const TestOutcome& test : file.tests) {
      if (test.failures.empty()) continue;
      text += "  FAILED " + test.name + "\n";
      for (const std::string& failure : test.failures) text += indented(failure, "    ");
    }
  }
  if (files.size() > 1 || broken > 0) {
    text += std::to_string(tests - failed) + " of " + std::to_string(tests) + " tests passed";
    if (broken > 0) text += ", " + std::to_string(broken) + (broken == 1 ? " file" : " files") + " could not be run";
    text += "\n";
  }
  return text;
}

std::string report_junit(const std::vector<TestFileOutcome>& files) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const TestFileOutcome& file : files) {
    const std::size_t errors = file.errors.empty() ? 0 : 1;
    text += "  <testsuite name=\"" + escaped(file.path) + "\" tests=\"" + std::to_string(file.tests.size() + errors) +
            "\" failures=\"" + std::to_string(failed_tests(file)) + "\" errors=\"" + std::to_string(errors) + "\">\n";
    const std::string of_file = " classname=\"" + escaped(file.path) + "\"";
    if (errors > 0) {
      text += "    <testcase name=\"file\"" + of_file + "><error message=\"cannot be run\">" +
              escaped(joined(file.errors)) + "</error></testcase>\n";
    }
    for (const TestOutcome& test : file.tests) {
      text += "    <testcase name=\"" + escaped(test.name) + "\"" + of_file + " time=\"" + seconds_text(test.seconds) +
              "\"";
      if (test.failures.empty()) {
        text += "/>\n";
      } else {
        text += "><failure message=\"" + std::to_string(test.failures.size()) + " checks failed\">" +
                escaped(joined(test.failures)) + "</failure></testcase>\n";
      }
    }
    text += "  </testsuite>\n";
  }
  return text + "</testsuites>\n";
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
