// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/sleeper.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// Sleeps until the time is over or somebody stops it, for good. Threads: any.
class StoppableSleeper final : public Sleeper {
 public:
  bool sleep(std::chrono::nanoseconds duration) override {
    std::unique_lock lock{mutex_};
    return !changed_.wait_for(lock, duration, [this] { return stopped_; });
  }
  void stop() {
    {
      const std::scoped_lock lock{mutex_};
      stopped_ = true;
    }
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
