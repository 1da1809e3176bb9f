// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/work_queue.hpp"

#include <csignal>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

WorkQueue::WorkQueue(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

void WorkQueue::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    work_.push_back(std::move(work));
  }
  changed_.notify_one();
}

bool WorkQueue::run_all() {
  bool any = false;
  for (;;) {
    std::function<void()> work;
    {
      const std::lock_guard lock(mutex_);
      if (work_.empty()) return any;
      work = std::move(work_.front());
      work_.pop_front();
    }
    any = true;
    work();
  }
}

void WorkQueue::stop() {
  std::deque<std::function<void()>> dropped;  // destroyed without the lock: it may hold the last of a target
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    std::swap(dropped, work_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void WorkQueue::run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopping_ || !work_.empty(); });
      if (stopping_) return;
      work = std::move(work_.front());
      work_.pop_front();
    }
    work();
  }
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
