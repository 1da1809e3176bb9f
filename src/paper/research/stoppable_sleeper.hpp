// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/sleeper.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Sleeps as the system does, until somebody stops it: then every sleep ends at once. Threads: any.
class StoppableSleeper final : public Sleeper {
 public:
  bool sleep(std::chrono::nanoseconds duration) override {
    std::unique_lock lock{mutex_};
    return !wake_.wait_for(lock, duration, [this] { return stopped_; });
  }
  void stop() {
    {
      const std::lock_guard lock{mutex_};
      stopped_ = true;
    }
    wake_.notify_all();
  }
  bool stopped() const {
    const std::lock_guard lock{mutex_};
    return stopped_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
