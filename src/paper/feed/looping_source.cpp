// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/looping_source.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

LoopingSource::LoopingSource(Open open) : open_(std::move(open)) {}

void LoopingSource::shift(MarketEvent& event) noexcept {
  last_of_recording_ = event.local_time;
  event.local_time += offset_;
  if (event.exchange_time != 0) event.exchange_time += offset_;
}

bool LoopingSource::begin_round(MarketEvent& event) {
  round_ = open_();
  if (!round_ || !round_->next(event)) return false;
  if (rounds_ == 0) {
    first_of_recording_ = event.local_time;
  } else {
    const SimTime whole_days = (last_of_recording_ - first_of_recording_) / nanoseconds_per_day + 1;
    offset_ += whole_days * nanoseconds_per_day;
    event.restart = true;
  }
  ++rounds_;
  shift(event);
  return true;
}

bool LoopingSource::next(MarketEvent& event) {
  if (round_ && round_->next(event)) {
    shift(event);
    return true;
  }
  return begin_round(event);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
