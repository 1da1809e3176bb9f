// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/buckets.hpp>
#include <bellwether/detail/bucket_layout.hpp>
#include <bellwether/result.hpp>
#include <memory>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

/// A checked description of buckets with the table that finds them, and what a scrape writes of them.
class HistogramLayout {
 public:
  /// `durations`: values are recorded in nanoseconds and exported in seconds.
  static Result<std::unique_ptr<HistogramLayout>> make(const Buckets& buckets, bool durations);

  const BucketLayout& table() const noexcept { return table_; }
  bool durations() const noexcept { return durations_; }

  /// Upper bounds as exported, without +Inf.
  const std::vector<double>& bounds() const noexcept { return bounds_; }

  bool native() const noexcept { return native_; }
  int schema() const noexcept { return schema_; }
  double zero_threshold() const noexcept { return bounds_.front(); }
  /// Native bucket index of bucket 1; bucket 0 is the zero bucket.
  int first_index() const noexcept { return first_index_; }
  /// Buckets of one sign, the zero bucket and the overflow included.
  std::uint32_t side() const noexcept { return static_cast<std::uint32_t>(bounds_.size()) + 1; }

 private:
  HistogramLayout() = default;

  void build_table();

  BucketLayout table_{};
  bool durations_ = false;
  bool native_ = false;
  int schema_ = 0;
  int first_index_ = 0;
  std::vector<double> bounds_;
  std::vector<double> search_bounds_;  // in recorded units, +Inf at the end
  std::vector<std::uint16_t> cells_;
};

}  // namespace detail
BELLWETHER_NAMESPACE_END
