// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// What came of a file of tests in Prometheus's format.
struct RunReport {
  int passed = 0;                      ///< evaluations, each with its re-runs
  std::map<std::string, int> skipped;  ///< by the experimental thing that they use
  std::vector<std::string> failures;   ///< file:line: query: what was expected and what came
  int skipped_count() const {
    int sum = 0;
    for (const auto& [name, count] : skipped) sum += count;
    return sum;
  }
};

/// Runs tests in the format of Prometheus's promqltest: load, clear, eval. Each instant case is run again as the middle step of a
/// range query, and with @ and its time on every selector at five other times, where its functions do not depend on the time.
///
/// Series lie in a MemorySource: the format has samples in any order, at time 0 and before, and histograms with hints, which the
/// monitor's store refuses or does not keep. `threads` work on each query, however small it is.
RunReport run_promql_test(std::string_view text, const std::string& name, std::size_t threads = 1);
RunReport run_promql_test_file(const std::string& path, std::size_t threads = 1);

}  // namespace promql
BELLWETHER_NAMESPACE_END
