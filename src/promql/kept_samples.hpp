// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/version.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "promql/series_source.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// Samples of series that more than one selector of a query asks for, so that they are decoded once.
///
///     if (!kept.get(series, buffer)) { selection.read(series, from, to, buffer); kept.put(series, buffer); }
///
/// Memory: 16 MiB of values, no more: to read the others again costs less than fresh pages for them. They lie side by side in blocks;
/// times that series of one target share are kept once. Threads: get and put from any, note from the query's own.
class KeptSamples {
 public:
  explicit KeptSamples(std::size_t series) : columns_(series), is_noted_(series, 0) {}

  /// False, and `out` as it was: they have not been put here yet.
  bool get(std::size_t series, Samples& out) const;
  /// Where there is no more room, the next one must read them again.
  void put(std::size_t series, const Samples& samples);

  /// What a query counts: as if each series were got or put when its samples are used, by one thread, whoever did it before.
  enum class Noted : std::uint8_t { before, now, no_room };
  Noted note(std::size_t series, std::size_t weight);

  static std::size_t weight(const Samples& samples) noexcept {
    return samples.values.size() + samples.histograms.size() * histogram_values;
  }

 private:
  static constexpr std::size_t block_values = 1U << 17U;
  static constexpr std::size_t most_values = 1U << 21U;
  static constexpr std::size_t histogram_values = 64;  ///< as many values a histogram weighs, about
  static constexpr std::size_t most_compared = 8;
  using Times = std::vector<std::int64_t>;

  enum class State : std::uint8_t { absent, being_put, floats, with_histograms };
  struct Columns {
    std::atomic<State> state{State::absent};
    const Times* times = nullptr;
    const double* values = nullptr;
    std::unique_ptr<Samples> whole;  ///< in place of both, where there are histograms
  };

  const Times* shared_times(const Times& times);
  double* room_for(std::size_t values);

  std::mutex mutex_;  // for room alone: threads that wait for each other here would lose more than they share
  std::vector<Columns> columns_;  // by series; what they point to never changes
  std::vector<std::unique_ptr<Times>> times_;
  std::vector<std::unique_ptr<double[]>> blocks_;
  std::size_t used_ = block_values;     // of the last block
  std::size_t values_ = 0;              // of all
  std::vector<std::uint8_t> is_noted_;  // by series
  std::size_t noted_values_ = 0;
};

}  // namespace promql
BELLWETHER_NAMESPACE_END
