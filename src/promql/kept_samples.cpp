// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/kept_samples.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

bool KeptSamples::get(std::size_t series, Samples& out) const {
  std::unique_lock lock(mutex_);
  const Samples* const whole = columns_[series].with_histograms.get();
  const Times* const times = columns_[series].times;
  const double* const values = columns_[series].values;
  lock.unlock();
  if (whole != nullptr) {
    out = *whole;
    return true;
  }
  if (times == nullptr) return false;
  out.clear();
  out.times.assign(times->begin(), times->end());
  out.values.assign(values, values + times->size());
  return true;
}

void KeptSamples::put(std::size_t series, const Samples& samples) {
  const std::size_t added = weight(samples);
  const std::lock_guard lock(mutex_);
  Columns& columns = columns_[series];
  if (columns.times != nullptr || columns.with_histograms != nullptr) return;  // another thread was faster
  if (values_ + added > most_values) return;
  values_ += added;
  if (!samples.histogram_times.empty()) {
    columns.with_histograms = std::make_unique<Samples>(samples);
    return;
  }
  double* const values = room_for(samples.values.size());
  std::copy(samples.values.begin(), samples.values.end(), values);
  columns.values = values;
  columns.times = shared_times(samples.times);
}

KeptSamples::Noted KeptSamples::note(std::size_t series, std::size_t added) {
  if (is_noted_[series] != 0) return Noted::before;
  if (noted_values_ + added > most_values) return Noted::no_room;
  noted_values_ += added;
  is_noted_[series] = 1;
  return Noted::now;
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
