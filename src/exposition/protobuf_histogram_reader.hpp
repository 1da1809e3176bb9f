// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "exposition/native_histogram_value.hpp"
#include "exposition/protobuf_wire.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition::protobuf {

/// google.protobuf.Timestamp as milliseconds, rounded down.
WireProblem read_timestamp(std::string_view message, std::optional<std::int64_t>& milliseconds);

/// One io.prometheus.client.Histogram: classic, native or both. Keeps its buffers for the next.
class HistogramReader {
 public:
  struct Bucket {
    double cumulative_count = 0;
    double upper_bound = 0;
    std::string_view exemplar;  ///< an Exemplar message, empty when there is none
  };

  WireProblem read(std::string_view message);

  /// Has the message the marks of a native histogram: a span, a zero threshold or a zero count?
  bool is_native() const noexcept;

  /// Checks the native part and hands it over, counts absolute and spans without empty ones. Requires is_native().
  /// The buffers of `value` are taken in exchange, so that none is allocated in the long run.
  WireProblem take_native(NativeHistogramValue& value);

  double count() const noexcept { return count_float_ > 0 ? count_float_ : static_cast<double>(count_); }
  double sum() const noexcept { return sum_; }
  const std::vector<Bucket>& buckets() const noexcept { return buckets_; }
  const std::vector<std::string_view>& native_exemplars() const noexcept { return exemplars_; }
  std::optional<std::int64_t> created_ms() const noexcept { return created_ms_; }

 private:
  struct Side {
    std::vector<BucketSpan> spans;
    std::vector<double> from_deltas;
    std::vector<double> absolute;
    std::int64_t last = 0;

    void clear();
    WireProblem add_span(std::string_view message);
    WireProblem add_delta(const char* at, std::uint64_t code);
    WireProblem add_deltas(std::string_view packed);
    WireProblem add_counts(std::string_view packed);
    WireProblem check(const char* at, bool integer);
  };

  void clear();
  WireProblem read_field(const Cursor& cursor);
  WireProblem read_bucket(std::string_view message);

  const char* start_ = nullptr;
  std::uint64_t count_ = 0;
  double count_float_ = 0;
  double sum_ = 0;
  std::int32_t schema_ = 0;
  double zero_threshold_ = 0;
  std::uint64_t zero_count_ = 0;
  double zero_count_float_ = 0;
  std::optional<std::int64_t> created_ms_;
  std::vector<Bucket> buckets_;
  std::vector<std::string_view> exemplars_;
  Side negative_;
  Side positive_;
};

}  // namespace exposition::protobuf
BELLWETHER_NAMESPACE_END
