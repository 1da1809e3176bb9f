// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <bellwether/exposition.hpp>
#include <bellwether/registry.hpp>
#include <cstdlib>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/metrics/scraped.hpp"

namespace bellwether::test {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// One row of the documents' tables: the metric must be there with this type and these labels (comma separated, in order).
struct Documented {
  const char* id;
  const char* name;
  const char* type;
  const char* labels;
};

/// What a scrape shows, by metric: its type, the labels of its samples, and the samples.
struct ScrapedMetric {
  std::string type;
  std::string help;
  std::set<std::string> labels;  ///< one for each set of label names, without `le`
  std::map<std::string, std::string> samples;
};

inline std::string label_names_of(std::string_view line) {
  std::string names;
  const auto open = line.find('{');
  if (open == std::string_view::npos || line.find(' ') < open) return names;
  bool quoted = false;
  std::size_t begin = open + 1;
  for (std::size_t i = open + 1; i < line.size(); ++i) {
    if (quoted && line[i] == '\\') {
      ++i;
    } else if (line[i] == '"') {
      quoted = !quoted;
      if (quoted) {
        const auto name = line.substr(begin, i - 1 - begin);
        if (name != "le") names.append(names.empty() ? "" : ",").append(name);
      }
    } else if (!quoted && line[i] == ',') {
      begin = i + 1;
    } else if (!quoted && line[i] == '}') {
      break;
    }
  }
  return names;
}

/// Metrics of the registry, without those of the library and of collectors about the process, which move by themselves.
inline std::map<std::string, ScrapedMetric> metrics_in(const Registry& registry) {
  std::map<std::string, ScrapedMetric> metrics;
  std::istringstream lines{render(registry)};
  ScrapedMetric* current = nullptr;
  std::string help;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# HELP ")) {
      help = line.substr(line.find(' ', 7) + 1);
    } else if (line.starts_with("# TYPE ")) {
      const auto space = line.find(' ', 7);
      current = &metrics[line.substr(7, space - 7)];
      current->type = line.substr(space + 1);
      current->help = help;
    } else if (current != nullptr) {
      const auto space = line.rfind(' ');
      current->samples[line.substr(0, space)] = line.substr(space + 1);
      current->labels.insert(label_names_of(line));
    }
  }
  return metrics;
}

template <std::size_t Count>
void expect_documented(const Registry& registry, const Documented (&table)[Count]) {
  const auto metrics = metrics_in(registry);
  for (const Documented& row : table) {
    const auto found = metrics.find(row.name);
    if (found == metrics.end()) {
      ADD_FAILURE() << row.id << ": " << row.name << " is missing";
      continue;
    }
    EXPECT_EQ(found->second.type, row.type) << row.id << " " << row.name;
    EXPECT_EQ(found->second.labels, std::set<std::string>{row.labels}) << row.id << " " << row.name;
    EXPECT_FALSE(found->second.help.empty()) << row.id << " " << row.name;
  }
}

/// The names of the metrics that an action changes or begins, in alphabetical order.
template <typename Action>
std::vector<std::string> moved(const Registry& registry, const Action& action) {
  const auto before = metrics_in(registry);
  action();
  std::vector<std::string> names;
  for (const auto& [name, metric] : metrics_in(registry)) {
    if (name.starts_with("bellwether_")) continue;
    const auto old = before.find(name);
    if (old == before.end() || old->second.samples != metric.samples) names.push_back(name);
  }
  return names;
}

/// How many values the library refused while an action ran.
template <typename Action>
long refused(const Registry& registry, const Action& action) {
  constexpr const char* name = "bellwether_refused_observations_total";
  const long before = std::atol(scraped(registry, name).c_str());
  action();
  return std::atol(scraped(registry, name).c_str()) - before;
}

inline auto only(std::initializer_list<std::string> names) {
  return testing::UnorderedElementsAreArray(names);
}

}  // namespace bellwether::test
