// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <vector>

#include "promql/histogram.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

struct ResultPoint {
  std::int64_t time = 0;  ///< milliseconds
  double value = 0;
  HistogramPtr histogram;  ///< in place of the value, where not null
};

/// Times at one distance: of a range query's steps such as follow each other without a gap.
struct TimeRun {
  std::int64_t first = 0;
  std::int64_t step = 0;
  std::size_t count = 0;

  /// Wraps around, as times at the ends of their range may.
  std::int64_t at(std::size_t i) const noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(first) + i * static_cast<std::uint64_t>(step));
  }
};

struct HistogramPoint {
  std::int64_t time = 0;
  HistogramPtr histogram;
};

/// The points of one series of a result: the values as a column, their times as runs, histograms apart and only where there are
/// some. Eight bytes a value, and 24 for each gap.
///
///     for (const ResultPoint& point : series.points) use(point.time, point.value);   // ascending in time
///
///     const double* value = series.points.values().data();                           // the same for floats alone, faster
///     for (const TimeRun& run : series.points.runs())
///       for (std::size_t i = 0; i < run.count; ++i) use(run.at(i), *value++);
///
/// Threads: a value. It is moved, not copied.
class ResultPoints {
 public:
  class Iterator;

  ResultPoints() = default;
  /// Takes over a column without gaps.
  ResultPoints(std::vector<double> values, const TimeRun& times);
  /// The runs' counts add up to the values.
  ResultPoints(std::vector<double> values, std::vector<TimeRun> runs, std::vector<HistogramPoint> histograms);

  /// Room for so many values.
  void reserve(std::size_t values) { values_.reserve(values); }
  /// No earlier than the points of its kind before it.
  void add(ResultPoint point);

  std::size_t size() const noexcept { return values_.size() + histograms().size(); }
  bool empty() const noexcept { return size() == 0; }
  /// Of points that are not empty.
  ResultPoint front() const;
  /// Floats and histograms as one, ascending in time; at one time the float first.
  Iterator begin() const noexcept;
  Iterator end() const noexcept;

  std::span<const double> values() const noexcept { return values_; }
  /// Times of the values.
  std::span<const TimeRun> runs() const noexcept {
    if (rest_ != nullptr && !rest_->runs.empty()) return rest_->runs;
    return {&run_, values_.empty() ? 0U : 1U};
  }
  std::span<const HistogramPoint> histograms() const noexcept {
    return rest_ == nullptr ? std::span<const HistogramPoint>() : rest_->histograms;
  }

 private:
  struct Rest {
    std::vector<TimeRun> runs;  // all of them, where there are several
    std::vector<HistogramPoint> histograms;
  };

  Rest& rest();
  void add_time(std::int64_t time);

  std::vector<double> values_;
  TimeRun run_;                 // the only one
  std::unique_ptr<Rest> rest_;  // what most series have not
};

class ResultPoints::Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = ResultPoint;
  using difference_type = std::ptrdiff_t;
  using pointer = const ResultPoint*;
  using reference = ResultPoint;

  Iterator(const ResultPoints& points, std::size_t value, std::size_t histogram) noexcept
      : points_(&points), value_(value), histogram_(histogram) {}

  ResultPoint operator*() const;
  Iterator& operator++();
  bool operator==(const Iterator& other) const noexcept {
    return value_ == other.value_ && histogram_ == other.histogram_;
  }

 private:
  std::int64_t time_of_value() const noexcept { return points_->runs()[run_].at(in_run_); }
  bool is_histogram() const noexcept;

  const ResultPoints* points_;
  std::size_t value_;      // of all values
  std::size_t histogram_;  // of all histograms
  std::size_t run_ = 0;    // where the value's time is
  std::size_t in_run_ = 0;
};

inline ResultPoints::Iterator ResultPoints::begin() const noexcept {
  return {*this, 0, 0};
}
inline ResultPoints::Iterator ResultPoints::end() const noexcept {
  return {*this, values_.size(), histograms().size()};
}
inline ResultPoint ResultPoints::front() const {
  return *begin();
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
