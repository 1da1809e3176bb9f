// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/writer_thread.hpp"

#include <algorithm>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

WriterThread::WriterThread(WriterThreadOptions options, Pass pass) : options_(options), pass_(std::move(pass)) {
  if (options_.background) thread_ = std::thread([this] { run(); });
}

WriterThread::~WriterThread() {
  stop();
}

void WriterThread::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

void WriterThread::run() {
  bool all_written = true;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_.wait_for(lock, all_written ? options_.interval : options_.retry_interval,
                      [&] { return stopping_ || (woken_ && all_written); });
    woken_ = false;
    if (stopping_) break;
    lock.unlock();
    all_written = pass_([this] {
      const std::lock_guard guard(mutex_);
      return !stopping_;
    });
    lock.lock();
  }
  lock.unlock();
  last_passes();
}

void WriterThread::last_passes() {
  const auto deadline = std::chrono::steady_clock::now() + options_.stop_timeout;
  const auto in_time = [&] { return std::chrono::steady_clock::now() < deadline; };
  while (!pass_(in_time) && in_time()) {
    const auto left = deadline - std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(options_.retry_interval, left));
  }
}

void WriterThread::stop() {
  std::call_once(stopped_, [this] {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) {
      thread_.join();
    } else {
      pass_([] { return true; });  // without a thread there is nobody to wait for: one try
    }
  });
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
