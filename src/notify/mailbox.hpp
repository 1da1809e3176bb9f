// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "notify/integration.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// Where integrations leave their answers, and what wakes the notifier's thread. Threads: any. Integrations hold it as long as they
/// may answer: it outlives the notifier.
class Mailbox {
 public:
  struct Answer {
    std::uint64_t row;
    std::uint32_t attempt;
    std::chrono::nanoseconds at;  ///< wall time
    DeliveryResult result;
  };

  void put(Answer answer) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    answers_.push_back(std::move(answer));
    changed_.notify_one();
  }

  std::vector<Answer> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(answers_, {});
  }

  bool empty() {
    const std::lock_guard lock(mutex_);
    return answers_.empty();
  }

  void wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_one();
  }

  /// Until an answer comes, somebody wakes, or the time is over.
  void wait(std::chrono::milliseconds most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, most, [this] { return woken_ || !answers_.empty(); });
    woken_ = false;
  }

  /// What is put from now on is dropped.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Answer> answers_;
  bool woken_ = false;
  bool closed_ = false;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
