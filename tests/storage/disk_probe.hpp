// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// How long this machine's disk keeps a writer waiting, now: a thread writes and fsyncs 4 KiB, again and again. "On disk within a
// second" is a promise about the store, not about a disk that stalls for seconds because another test fills it; so a test that
// measures the promise adds what the disk, and the wait for a processor, took at the time.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace bellwether::test {

class DiskProbe {
 public:
  using Steady = std::chrono::steady_clock;

  /// Writes to `file`, which it makes, and removes at its end.
  explicit DiskProbe(std::string file)
      : file_(std::move(file)), descriptor_(::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) throw std::runtime_error("cannot make " + file_);
    thread_ = std::thread([this] { run(); });
  }
  ~DiskProbe() {
    stopping_ = true;
    thread_.join();
    ::close(descriptor_);
    ::unlink(file_.c_str());
  }
  DiskProbe(const DiskProbe&) = delete;
  DiskProbe& operator=(const DiskProbe&) = delete;

  /// The longest of the writes that ended after `from`, or of the one that is under way.
  Steady::duration longest_since(Steady::time_point from) const {
    const std::lock_guard lock(mutex_);
    Steady::duration longest = Steady::now() - begun_;
    for (const Write& each : writes_) {
      if (each.end >= from) longest = std::max(longest, each.end - each.begin);
    }
    return longest;
  }

 private:
  struct Write {
    Steady::time_point begin;
    Steady::time_point end;
  };

  void run() {
    const std::array<char, 4096> block{};
    while (!stopping_) {
      // The pause belongs to it: that it lasts longer on a busy machine happens to the store's thread as well.
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
      (void)!::pwrite(descriptor_, block.data(), block.size(), 0);
      (void)::fsync(descriptor_);
      const std::lock_guard lock(mutex_);
      const auto now = Steady::now();
      writes_.push_back({begun_, now});
      begun_ = now;
    }
  }

  const std::string file_;
  const int descriptor_;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  Steady::time_point begun_ = Steady::now();
  std::vector<Write> writes_;
  std::thread thread_;
};

}  // namespace bellwether::test
