// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "promql/engine.hpp"
#include "promql/series_notation.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// A text that a message must be, or an expression that it must contain; with neither, any will do.
struct MessagePattern {
  std::optional<std::string> text;
  std::optional<std::string> regex;
  bool matches(const std::string& message) const;
};

/// What a test says of the result of one evaluation.
struct Expectation {
  bool ordered = false;
  std::vector<MessagePattern> failures;
  std::vector<MessagePattern> warnings;
  std::vector<MessagePattern> infos;
  bool no_warnings = false;
  bool no_infos = false;
  std::optional<std::string> string;
  std::optional<double> scalar;
  std::vector<NotedSeries> series;
  struct Range {
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::int64_t step = 1;
  };
  std::optional<Range> range_vector;  ///< an instant query that yields a range vector

  /// Takes a line after `eval`. Throws std::runtime_error.
  void take(std::string_view line);
  bool fails() const noexcept { return !failures.empty(); }
};

/// Empty, or what differs. `from` and `step` are those of the points that are noted.
std::string compare(const Expectation& expected, const QueryResult& result, std::int64_t from, std::int64_t step,
                    bool is_range);
std::string compare_annotations(const Expectation& expected, const QueryResult& result);

}  // namespace promql
BELLWETHER_NAMESPACE_END
