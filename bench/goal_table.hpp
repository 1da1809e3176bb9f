// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace bellwether::bench {

/// Prints as usual, keeps the medians, and ends with the goals of docs/performance.md against them.
class GoalTable final : public benchmark::ConsoleReporter {
 public:
  GoalTable() : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override;
  void print() const;

 private:
  struct Figure {
    double nanoseconds = 0;
    double items_per_second = 0;
  };
  const Figure* find(const std::string& name) const;

  std::map<std::string, Figure> figures_;
};

}  // namespace bellwether::bench
