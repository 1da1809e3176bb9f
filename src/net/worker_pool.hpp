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
namespace net {

/// Threads for handlers that may block (`Route::blocking`), and for what queries share out.
///
/// Threads: any. `submit` never blocks. Destruction waits for the work that is under way and drops the rest uncalled.
class WorkerPool {
 public:
  using Work = std::function<void()>;  ///< must not throw

  WorkerPool(std::size_t threads, std::size_t max_waiting);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// False when `max_waiting` wait already; `work` is then not called.
  bool submit(Work work);

 private:
  void run();
  void stop();

  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Work> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace net
BELLWETHER_NAMESPACE_END
