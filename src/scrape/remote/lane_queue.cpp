// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/lane_queue.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

void LaneQueue::push(std::vector<OutgoingSample> samples) {
  const std::chrono::nanoseconds now = clock_->monotonic();
  const std::lock_guard lock(mutex_);
  waiting_ += samples.size();
  pending_ += samples.size();
  for (OutgoingSample& sample : samples) {
    const unsigned number = sample.series->lane;
    Lane& lane = lanes_[number];
    if (!sample.is_exemplar()) {
      lane.newest_ms = std::max(lane.newest_ms, sample.time_ms);
      if (position_->acknowledged(number) >= sample.time_ms) position_->set_acknowledged(number, sample.time_ms - 1);
    }
    lane.items.push_back({std::move(sample), now});
  }
}

std::optional<LaneQueue::Batch> LaneQueue::take(std::size_t max_samples, std::chrono::nanoseconds deadline) {
  const std::lock_guard lock(mutex_);
  std::size_t ready = 0;
  std::chrono::nanoseconds oldest = std::chrono::nanoseconds::max();
  for (const Lane& lane : lanes_) {
    if (lane.on_its_way || lane.items.empty()) continue;
    ready += lane.items.size();
    oldest = std::min(oldest, lane.items.front().since);
  }
  if (ready == 0 || (ready < max_samples && clock_->monotonic() - oldest < deadline)) return std::nullopt;
  Batch batch;
  batch.waited_since = oldest;
  batch.samples.reserve(std::min(ready, max_samples));
  for (unsigned i = 0; i < lane_count && batch.samples.size() < max_samples; ++i) {
    const unsigned number = (next_ + i) % lane_count;
    Lane& lane = lanes_[number];
    if (lane.on_its_way || lane.items.empty()) continue;
    lane.on_its_way = true;
    batch.lanes.push_back(number);
    std::int64_t newest = position_->sent(number);
    while (!lane.items.empty() && batch.samples.size() < max_samples) {
      newest = std::max(newest, lane.items.front().sample.time_ms);
      batch.samples.push_back(std::move(lane.items.front().sample));
      lane.items.pop_front();
    }
    position_->set_sent(number, newest);
  }
  next_ = (batch.lanes.back() + 1) % lane_count;
  waiting_ -= batch.samples.size();
  return batch;
}

void LaneQueue::acknowledge(unsigned number) {
  const Lane& lane = lanes_[number];
  std::int64_t until = lane.newest_ms;
  for (const Item& item : lane.items) {
    if (!item.sample.is_exemplar()) until = std::min(until, item.sample.time_ms - 1);
  }
  if (until > position_->acknowledged(number)) position_->set_acknowledged(number, until);
}

void LaneQueue::complete(const Batch& batch) {
  const std::lock_guard lock(mutex_);
  pending_ -= batch.samples.size();
  for (const unsigned number : batch.lanes) {
    lanes_[number].on_its_way = false;
    acknowledge(number);
  }
}

void LaneQueue::put_back(Batch batch) {
  const std::lock_guard lock(mutex_);
  waiting_ += batch.samples.size();
  for (const unsigned number : batch.lanes) lanes_[number].on_its_way = false;
  for (auto sample = batch.samples.rbegin(); sample != batch.samples.rend(); ++sample) {
    lanes_[sample->series->lane].items.push_front({std::move(*sample), batch.waited_since});
  }
}

void LaneQueue::advance_empty(std::int64_t time_ms) {
  const std::lock_guard lock(mutex_);
  for (unsigned number = 0; number < lane_count; ++number) {
    const Lane& lane = lanes_[number];
    if (lane.on_its_way || !lane.items.empty()) continue;
    if (position_->acknowledged(number) < time_ms) position_->set_acknowledged(number, time_ms);
  }
}

std::size_t LaneQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

std::size_t LaneQueue::pending() const {
  const std::lock_guard lock(mutex_);
  return pending_;
}

std::int64_t LaneQueue::oldest_ms() const {
  const std::lock_guard lock(mutex_);
  std::int64_t oldest = INT64_MAX;
  for (unsigned number = 0; number < lane_count; ++number) {
    const Lane& lane = lanes_[number];
    if (lane.on_its_way || !lane.items.empty()) oldest = std::min(oldest, position_->acknowledged(number) + 1);
  }
  return oldest;
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
