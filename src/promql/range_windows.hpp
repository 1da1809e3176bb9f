// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "promql/vector_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// Where the windows of all steps lie in one series's times: (window_ends[i] - range, window_ends[i]] is [begin[i], end[i]).
struct FloatWindows {
  std::vector<std::int64_t> times;
  std::vector<std::uint32_t> begin;
  std::vector<std::uint32_t> end;
  std::vector<PointKind> filled;  ///< `number` where there is a sample
  std::vector<PointKind> paired;  ///< `number` where there are two
  bool slides_by_one = false;     ///< all have samples, and from step to step both ends move on by one
  /// What a function works out from the times alone, to be used for each series that has them. Empty in new windows.
  std::vector<double> of_times[3];

  std::size_t steps() const noexcept { return begin.size(); }
  std::size_t count(std::size_t step) const noexcept { return end[step] - begin[step]; }
};

/// Places windows. Series of one target are scraped together and so have the same times: what was placed is kept for some
/// dozens of targets, and whoever comes with times that are known gets it for the price of a comparison.
///
///     WindowPlacer placer(range, window_ends);
///     FloatWindows& windows = placer.place(samples.times);   // good until the next call
///
/// Threads: use from one. The ends of the windows never fall from step to step.
class WindowPlacer {
 public:
  WindowPlacer(std::int64_t range, std::vector<std::int64_t> window_ends)
      : range_(range), window_ends_(std::move(window_ends)) {}

  FloatWindows& place(const std::vector<std::int64_t>& times);

  std::int64_t range() const noexcept { return range_; }
  const std::vector<std::int64_t>& window_ends() const noexcept { return window_ends_; }

 private:
  static constexpr std::size_t most_kept = 32;
  static constexpr std::size_t most_times = 1U << 20U;  // of all that is kept

  void fill(FloatWindows& windows, const std::vector<std::int64_t>& times) const;

  std::int64_t range_;
  std::vector<std::int64_t> window_ends_;
  std::vector<std::unique_ptr<FloatWindows>> kept_;
  std::vector<std::int64_t> first_times_;  // of each
  std::size_t last_ = 0;
  std::size_t next_victim_ = 0;
};

}  // namespace promql
BELLWETHER_NAMESPACE_END
