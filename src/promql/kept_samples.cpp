// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/kept_samples.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

bool KeptSamples::get(std::size_t series, Samples& out) const {
  const Columns& columns = columns_[series];
  if (columns.with_histograms != nullptr) {
    out = *columns.with_histograms;
    return true;
  }
  if (columns.times == nullptr) return false;
  out.clear();
  out.times.assign(columns.times->begin(), columns.times->end());
  out.values.assign(columns.values, columns.values + columns.times->size());
  return true;
}

bool KeptSamples::put(std::size_t series, const Samples& samples) {
  Columns& columns = columns_[series];
  const std::size_t weight = samples.values.size() + samples.histograms.size() * histogram_values;
  if (values_ + weight > most_values) return false;
  values_ += weight;
  if (!samples.histogram_times.empty()) {
    columns.with_histograms = std::make_unique<Samples>(samples);
    return true;
  }
  double* const values = room_for(samples.values.size());
  std::copy(samples.values.begin(), samples.values.end(), values);
  columns.values = values;
  columns.times = shared_times(samples.times);
  return true;
}

const KeptSamples::Times* KeptSamples::shared_times(const Times& times) {
  const std::size_t compared = std::min(times_.size(), most_compared);
  for (std::size_t i = 0; i < compared; ++i) {
    const Times& known = *times_[times_.size() - 1 - i];
    if (known == times) return &known;
  }
  times_.push_back(std::make_unique<Times>(times));
  return times_.back().get();
}

double* KeptSamples::room_for(std::size_t values) {
  if (values > block_values) {  // a block of its own, before the one that is being filled
    auto block = std::make_unique_for_overwrite<double[]>(values);
    return blocks_.insert(blocks_.begin(), std::move(block))->get();
  }
  if (blocks_.empty() || used_ + values > block_values) {
    blocks_.push_back(std::make_unique_for_overwrite<double[]>(block_values));
    used_ = 0;
  }
  double* const room = blocks_.back().get() + used_;
  used_ += values;
  return room;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
