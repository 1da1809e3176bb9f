// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/kept_samples.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

bool KeptSamples::get(std::size_t series, Samples& out) const {
  const Columns& columns = columns_[series];
  const State state = columns.state.load(std::memory_order_acquire);
  if (state == State::with_histograms) {
    out = *columns.whole;
    return true;
  }
  if (state != State::floats) return false;
  out.clear();
  out.times.assign(columns.times->begin(), columns.times->end());
  out.values.assign(columns.values, columns.values + columns.times->size());
  return true;
}

void KeptSamples::put(std::size_t series, const Samples& samples) {
  Columns& columns = columns_[series];
  const bool has_histograms = !samples.histogram_times.empty();
  const std::size_t added = weight(samples);
  double* values = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (columns.state.load(std::memory_order_relaxed) != State::absent) return;  // another thread was faster
    if (values_ + added > most_values) return;
    if (!has_histograms) {
      values = room_for(samples.values.size());
      columns.times = shared_times(samples.times);
    }
    values_ += added;
    columns.state.store(State::being_put, std::memory_order_relaxed);
  }
  if (has_histograms) {
    columns.whole = std::make_unique<Samples>(samples);
  } else {
    std::copy(samples.values.begin(), samples.values.end(), values);
    columns.values = values;
  }
  columns.state.store(has_histograms ? State::with_histograms : State::floats, std::memory_order_release);
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
