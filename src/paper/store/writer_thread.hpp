// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct WriterThreadOptions {
  bool background = true;  ///< false: no thread; `stop` makes the last pass on its caller's
  std::chrono::nanoseconds interval = {};
  std::chrono::nanoseconds retry_interval = {};
  std::chrono::nanoseconds stop_timeout = {};
};

/// Calls `pass` again and again, and once more at the end. A pass writes until all is written or something fails, asks
/// `may_go_on` between two exchanges, and says whether all was written.
///
/// Threads: `wake` and `stop` from any. The pauses are the system's time.
class WriterThread {
 public:
  using Pass = std::function<bool(const std::function<bool()>& may_go_on)>;

  WriterThread(WriterThreadOptions options, Pass pass);
  ~WriterThread();
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;

  /// The next pass begins now, unless the last one failed. Wakes nobody where no thread sleeps.
  void wake();
  /// Ends the passes: a running one, then passes until all is written or `stop_timeout` is over.
  void stop();

 private:
  void run();
  void last_passes();

  WriterThreadOptions options_;
  Pass pass_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
  std::once_flag stopped_;
  std::thread thread_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
