// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

enum class QueryFormat { table, csv, json, chart };

/// What a terminal shows of an answer of the query API.
struct QueryOutput {
  std::string text;                  ///< for standard output
  std::vector<std::string> remarks;  ///< warnings and infos, for standard error
};

/// `answer` is the API's JSON; its error is ours. `width`: columns of a chart.
///
///     table   a line for each series, and for each point of a range
///     csv     labels, time in seconds, value; RFC 4180
///     json    the answer as it came
///     chart   a line for each series: its course in blocks, least, greatest and last value
Result<QueryOutput> show_answer(const std::string& answer, QueryFormat format, std::size_t width = 60);

}  // namespace cli
BELLWETHER_NAMESPACE_END
