// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "rules/test/test_report.hpp"

namespace {

/// Every file of ours: the real promtool and we say the same of it.
TEST(PromtoolAgreement, promtool_passes_and_fails_the_same_files) {
  if (std::system("command -v promtool > /dev/null 2>&1") != 0) GTEST_SKIP() << "promtool is not installed";
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(BELLWETHER_SOURCE_DIR "/tests/rules/tools/cases")) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("pass_") && !name.starts_with("fail_")) continue;
    ++files;
    const std::string path = entry.path();
    const bool theirs = std::system(("promtool test rules '" + path + "' > /dev/null 2>&1").c_str()) == 0;
    const auto ours = bellwether::rules::run_test_file(path, {});
    EXPECT_EQ(ours.passed(), theirs) << bellwether::rules::report_text({ours});
  }
  EXPECT_GE(files, 16U);
}

}  // namespace
