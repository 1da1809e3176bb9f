// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "promql/promql_test_runner.hpp"

namespace bellwether::promql {
namespace {

std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".test") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

void run_all(const std::vector<std::string>& files, std::size_t threads = 1) {
  for (const std::string& path : files) {
    const RunReport report = run_promql_test_file(path, threads);
    std::cout << std::filesystem::path(path).filename().string() << ": " << report.passed << " passed, "
              << report.failures.size() << " failed, " << report.skipped_count() << " skipped";
    for (const auto& [name, count] : report.skipped) std::cout << " (" << name << " " << count << ")";
    std::cout << '\n';
    for (const std::string& failure : report.failures) ADD_FAILURE() << failure;
  }
}

/// Cases of our own, by topic.
TEST(PromqlFiles, OursPass) {
  const std::vector<std::string> files = files_in(std::filesystem::path(BELLWETHER_SOURCE_DIR) / "tests/promql");
  ASSERT_FALSE(files.empty());
  run_all(files);
  run_all(files, 2);
}

/// Prometheus's own, which lie beside the project and not in it.
TEST(PromqlFiles, PrometheusOwnPass) {
  const std::filesystem::path folder = std::filesystem::path(BELLWETHER_SOURCE_DIR) / "../shared/promqltest";
  const std::vector<std::string> files = files_in(folder);
  if (files.empty()) GTEST_SKIP() << "NOT RUN: Prometheus's test files are not at " << folder;
  run_all(files);
  run_all(files, 2);
}

}  // namespace
}  // namespace bellwether::promql
