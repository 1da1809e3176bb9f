// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/live_queue.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

LiveQueue::Pushed LiveQueue::push(const Message& message) {
  const std::lock_guard lock(mutex_);
  Pushed pushed;
  if (has_given_up_ || has_ended_) return pushed;
  const std::size_t size = message->size();
  const bool never_fits = size > max_bytes_ || max_messages_ == 0;
  const bool fits = !never_fits && messages_.size() < max_messages_ && size <= max_bytes_ - bytes_;
  if (!fits && overflow_ == Overflow::give_up) {
    pushed = {false, messages_.size() + 1, true};
    messages_.clear();
    bytes_ = 0;
    has_given_up_ = true;
  } else if (never_fits) {
    pushed.dropped = 1;
  } else {
    while (messages_.size() >= max_messages_ || size > max_bytes_ - bytes_) {
      bytes_ -= messages_.front()->size();
      messages_.pop_front();
      ++pushed.dropped;
    }
    messages_.push_back(message);
    bytes_ += size;
  }
  dropped_ += pushed.dropped;
  pushed.wake = take_wake();
  return pushed;
}

bool LiveQueue::end() {
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  return take_wake();
}

LiveQueue::Next LiveQueue::next() {
  const std::lock_guard lock(mutex_);
  woken_ = false;
  Next next;
  next.has_given_up = has_given_up_;
  next.has_ended = has_ended_;
  next.dropped = std::exchange(dropped_, 0);
  if (next.dropped != 0 || messages_.empty()) return next;
  next.message = std::move(messages_.front());
  messages_.pop_front();
  bytes_ -= next.message->size();
  return next;
}

}  // namespace net
BELLWETHER_NAMESPACE_END
