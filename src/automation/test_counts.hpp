// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// How many tests ended how: the values of the label `status` of test_watcher_tests_run_total.
struct TestCounts {
  std::uint64_t pass = 0;
  std::uint64_t fail = 0;     ///< an assertion did not hold
  std::uint64_t error = 0;    ///< the test broke, or could not be run
  std::uint64_t skipped = 0;  ///< disabled, or left out

  std::uint64_t all() const noexcept { return pass + fail + error + skipped; }
  friend bool operator==(const TestCounts&, const TestCounts&) = default;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
