// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/forward/alert_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

std::uint64_t AlertQueue::key_of(const QueuedAlert& alert) noexcept {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15U;
  return rules::fingerprint(alert.alert.labels) ^ (static_cast<std::uint64_t>(alert.alert.starts_ms) * odd) ^
         (alert.ended ? odd : 0U);
}

QueuedAlert* AlertQueue::find(std::uint64_t key, const QueuedAlert& like) {
  const auto place = places_.find(key);
  if (place == places_.end()) return nullptr;
  QueuedAlert& found = *place->second;
  const bool same = found.ended == like.ended && found.alert.starts_ms == like.alert.starts_ms &&
                    found.alert.labels == like.alert.labels;
  return same ? &found : nullptr;
}

void AlertQueue::forget(Place place) {
  const auto known = places_.find(key_of(*place));
  if (known != places_.end() && known->second == place) places_.erase(known);
}

std::size_t AlertQueue::shrink() {
  std::size_t dropped = 0;
  for (; waiting_.size() > capacity_; ++dropped) {
    forget(waiting_.begin());
    waiting_.pop_front();
  }
  return dropped;
}

std::size_t AlertQueue::push(QueuedAlert alert) {
  const std::uint64_t key = key_of(alert);
  if (QueuedAlert* const waiting = find(key, alert)) {
    *waiting = std::move(alert);
    return 0;
  }
  waiting_.push_back(std::move(alert));
  places_.insert_or_assign(key, std::prev(waiting_.end()));
  return shrink();
}

std::size_t AlertQueue::put_back(std::vector<QueuedAlert> alerts) {
  for (auto alert = alerts.rbegin(); alert != alerts.rend(); ++alert) {
    const std::uint64_t key = key_of(*alert);
    // The newer state of one that goes back keeps the older one's turn: nothing overtakes it.
    if (QueuedAlert* const newer = find(key, *alert)) {
      const Place place = places_.at(key);
      *alert = std::move(*newer);
      waiting_.erase(place);
    }
    waiting_.push_front(std::move(*alert));
    places_.insert_or_assign(key, waiting_.begin());
  }
  return shrink();
}

std::vector<QueuedAlert> AlertQueue::take(std::size_t most) {
  std::vector<QueuedAlert> out;
  out.reserve(std::min(most, waiting_.size()));
  while (!waiting_.empty() && out.size() < most) {
    forget(waiting_.begin());
    out.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return out;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
