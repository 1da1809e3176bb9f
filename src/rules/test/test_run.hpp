// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <vector>

#include "rules/rule_file.hpp"
#include "rules/test/test_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// What came of one test of a file.
struct TestOutcome {
  std::string name;                   ///< as in the file, else "test at line 12"
  std::vector<std::string> failures;  ///< each of some lines; none: it passed
  double seconds = 0;                 ///< that it took
};

/// Runs a test: the series come in as time goes on, all groups are evaluated at each step of the file's interval from the start on (not at
/// their own), in the given order; alerts are looked at as the last step before or at their time left them, expressions after the
/// last step. This is what promtool does, down to the details.
///
/// Blocks for as long as it takes; nothing outside is touched. Memory: all samples.
TestOutcome run_test(const TestFile& file, const TestGroup& test, const std::vector<GroupDefinition>& groups);

}  // namespace rules
BELLWETHER_NAMESPACE_END
