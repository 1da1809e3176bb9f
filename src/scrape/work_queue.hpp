// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Work for some threads, or for whoever calls `run_all` where there are none.
///
/// Threads: all functions from any.
class WorkQueue {
 public:
  explicit WorkQueue(std::size_t threads);
  ~WorkQueue() { stop(); }
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  void post(std::function<void()> work);
  /// What is queued, and what it queues. Returns whether there was any.
  bool run_all();
  /// What is queued is dropped, what is under way is waited for.
  void stop();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> work_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
