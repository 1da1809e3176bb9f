// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/arrival_queue.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

void ArrivalQueue::committed(const storage::ObservedCommit& commit) noexcept {
  const std::lock_guard lock(mutex_);
  if (!wanted_) return;
  const auto is_ignored = [this](std::uint32_t id) { return id < ignored_.size() && ignored_[id] != 0; };
  const auto add = [this](const Sample& sample) {
    if (batch_.samples.size() < max_waiting) {
      batch_.samples.push_back(sample);
    } else {
      ++batch_.lost;
    }
  };
  for (const storage::LoggedFloat& one : commit.floats) {
    if (!is_ignored(one.series)) add({one.series, false, one.time, one.value});
  }
  for (const storage::LoggedHistogram& one : commit.histograms) {
    if (!is_ignored(one.series)) add({one.series, true, one.time, 0});
  }
  if (!batch_.samples.empty()) waiting_.notify_one();
}

void ArrivalQueue::restart(bool wanted) {
  const std::lock_guard lock(mutex_);
  wanted_ = wanted;
  ignored_.clear();
  if (!wanted) batch_ = {};
}

void ArrivalQueue::ignore(std::span<const std::uint32_t> series) {
  const std::lock_guard lock(mutex_);
  for (const std::uint32_t id : series) {
    if (id >= ignored_.size()) ignored_.resize(id + 1 + id / 2);
    ignored_[id] = 1;
  }
}

ArrivalQueue::Batch ArrivalQueue::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(batch_, {});
}

void ArrivalQueue::wait() {
  std::unique_lock lock(mutex_);
  waiting_.wait(lock, [this] { return woken_ || !batch_.samples.empty(); });
  woken_ = false;
}

void ArrivalQueue::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  waiting_.notify_all();
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
