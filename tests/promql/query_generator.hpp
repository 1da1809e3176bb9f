// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace bellwether::promql_test {

/// What a generated query may speak of, and how far it may go.
struct QuerySettings {
  std::vector<std::string> counters{"requests_total", "errors_total"};
  std::vector<std::string> gauges{"temperature", "queue_length"};
  std::vector<std::string> classic_histograms{"latency_seconds"};  ///< `_bucket` is added
  std::vector<std::string> labels{"job", "instance", "venue"};
  std::vector<std::string> values{"a", "b", "c"};  ///< of any label
  std::vector<std::string> ranges{"1m", "5m", "10m30s"};
  int depth = 4;
  bool odd_spelling =
      true;           ///< strange blanks, case, quotes, comments, number spellings: for parsers; false: plain text
  bool times = true;  ///< offset, @ and subqueries
};

/// Valid PromQL without what is experimental, from a grammar; the same seed gives the same queries.
///
///     QueryGenerator queries(42, {});
///     for (int i = 0; i < 1000; ++i) check(queries.next());
class QueryGenerator {
 public:
  QueryGenerator(std::uint64_t seed, QuerySettings settings) : random_(seed), settings_(std::move(settings)) {}

  /// An instant vector or a scalar: good for instant and range queries.
  std::string next();

  std::string vector(int depth);
  std::string scalar(int depth);
  std::string matrix(int depth, bool of_counters = false);

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  bool chance(unsigned percent) { return random_() % 100 < percent; }
  const std::string& one_of(const std::vector<std::string>& list) { return list[below(list.size())]; }
  std::string_view one_of(std::initializer_list<std::string_view> list) { return list.begin()[below(list.size())]; }

  std::string blank();
  std::string text(std::string_view value);
  std::string keyword(std::string_view word);
  std::string number();
  std::string selector(bool of_counters);
  std::string braces(std::string_view extra = {});
  std::string shift();
  std::string label_list();
  std::string aggregation(int depth);
  std::string binary(int depth);
  std::string function(int depth);

  std::mt19937_64 random_;
  QuerySettings settings_;
};

}  // namespace bellwether::promql_test
