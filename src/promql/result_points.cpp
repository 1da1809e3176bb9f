// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/result_points.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

ResultPoints::ResultPoints(std::vector<double> values, const TimeRun& times)
    : values_(std::move(values)), run_(times) {}

ResultPoints::ResultPoints(std::vector<double> values, std::vector<TimeRun> runs,
                           std::vector<HistogramPoint> histograms)
    : values_(std::move(values)) {
  if (runs.size() == 1) {
    run_ = runs.front();
  } else if (!runs.empty()) {
    rest().runs = std::move(runs);
  }
  if (!histograms.empty()) rest().histograms = std::move(histograms);
}

ResultPoints::Rest& ResultPoints::rest() {
  if (rest_ == nullptr) rest_ = std::make_unique<Rest>();
  return *rest_;
}

void ResultPoints::add(ResultPoint point) {
  if (point.histogram != nullptr) {
    rest().histograms.push_back({point.time, std::move(point.histogram)});
    return;
  }
  add_time(point.time);
  values_.push_back(point.value);
}

void ResultPoints::add_time(std::int64_t time) {
  if (values_.empty()) {
    run_ = {time, 0, 1};
    return;
  }
  const bool has_several = rest_ != nullptr && !rest_->runs.empty();
  TimeRun& last = has_several ? rest_->runs.back() : run_;
  if (last.count == 1) {
    // Two points are at some distance: it becomes the run's.
    last.step = static_cast<std::int64_t>(static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(last.first));
  }
  if (last.at(last.count) == time) {
    ++last.count;
    return;
  }
  if (!has_several) rest().runs.push_back(run_);
  rest_->runs.push_back({time, 0, 1});
}

bool ResultPoints::Iterator::is_histogram() const noexcept {
  const std::span<const HistogramPoint> histograms = points_->histograms();
  if (histogram_ == histograms.size()) return false;
  return value_ == points_->values_.size() || histograms[histogram_].time < time_of_value();
}

ResultPoint ResultPoints::Iterator::operator*() const {
  if (!is_histogram()) return {time_of_value(), points_->values_[value_], nullptr};
  const HistogramPoint& point = points_->histograms()[histogram_];
  return {point.time, 0, point.histogram};
}

ResultPoints::Iterator& ResultPoints::Iterator::operator++() {
  if (is_histogram()) {
    ++histogram_;
    return *this;
  }
  ++value_;
  if (++in_run_ == points_->runs()[run_].count) {
    ++run_;
    in_run_ = 0;
  }
  return *this;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
