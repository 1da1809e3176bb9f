// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/test/test_run.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// What came of one test file.
struct TestFileOutcome {
  std::string path;
  std::vector<std::string> errors;  ///< of the file or its rules: nothing was run
  std::vector<std::string> warnings;
  std::vector<TestOutcome> tests;

  bool passed() const noexcept;
};

/// Reads a file and its rule files and runs the tests that `chosen` takes by name.
TestFileOutcome run_test_file(const std::string& path, const std::function<bool(std::string_view)>& chosen);

/// For a terminal: each file, its failed tests with what differs, and how many passed.
std::string report_text(const std::vector<TestFileOutcome>& files);
/// JUnit's XML, as CI systems show it: a suite for each file.
std::string report_junit(const std::vector<TestFileOutcome>& files);

}  // namespace rules
BELLWETHER_NAMESPACE_END
