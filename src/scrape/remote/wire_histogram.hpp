// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "exposition/protobuf_wire.hpp"
#include "scrape/remote/write_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

/// All counts are whole and fit the fields of integer histograms.
bool has_whole_counts(const HistogramValue& value);

/// Appends the fields of a Histogram message; they are the same in both versions. Counts of integer histograms that are whole
/// are written as deltas, others as doubles. Stale markers keep their bits.
void append_histogram(const HistogramValue& value, std::int64_t time_ms, std::string& out);

/// Reads Histogram messages; keeps its buffers for the next.
///
///     HistogramMessageReader reader;
///     if (const auto problem = reader.read(message, histogram)) return error_at(problem);
///
/// What it takes is well-formed for the storage: spans fit the counts, without empty spans; bounds ascend.
class HistogramMessageReader {
 public:
  exposition::protobuf::WireProblem read(std::string_view message, WrittenHistogram& histogram);

 private:
  using WireProblem = exposition::protobuf::WireProblem;
  struct Side {
    std::vector<exposition::BucketSpan> spans;
    std::vector<double> from_deltas;
    std::vector<double> absolute;
    std::int64_t last = 0;

    void clear();
    WireProblem add_span(std::string_view message);
    WireProblem add_delta(const char* at, std::uint64_t code);
    WireProblem add_deltas(std::string_view packed);
    WireProblem finish(const char* at, bool integer);
  };

  static WireProblem add_doubles(std::string_view packed, std::vector<double>& out);

  Side negative_;
  Side positive_;
  std::vector<double> bounds_;
};

}  // namespace remote
BELLWETHER_NAMESPACE_END
