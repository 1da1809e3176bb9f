// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <thread>
#include <vector>

// On small virtual machines the scheduler may put two benchmark threads on one core, and a contended atomic then looks
// free. So every thread here is pinned, and times are nanoseconds per operation and thread.

namespace bellwether::bench {

inline void pin_to(unsigned cpu) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(cpu % std::max(1U, std::thread::hardware_concurrency()), &cpus);
  pthread_setaffinity_np(pthread_self(), sizeof cpus, &cpus);
}

/// Processor time of the calling thread: what other programs take does not count.
inline double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Runs `operation(thread, i)` in a loop on one thread, pinned to the last core: the first one takes the interrupts.
template <typename Operation>
void on_one_thread(benchmark::State& state, Operation operation) {
  pin_to(std::thread::hardware_concurrency() - 1);
  std::size_t i = 0;
  for ([[maybe_unused]] auto _ : state) operation(0, i++);
}

/// Runs `operation(thread, i)` on `threads` pinned threads at once; an iteration is one operation of one thread.
template <typename Operation>
void on_threads(benchmark::State& state, unsigned threads, Operation operation) {
  constexpr std::size_t batch = 2'000'000;
  for ([[maybe_unused]] auto _ : state) {
    std::atomic<unsigned> ready{0};
    std::atomic<bool> go{false};
    std::vector<double> seconds(threads);
    std::vector<std::thread> running;
    for (unsigned thread = 0; thread < threads; ++thread) {
      running.emplace_back([&, thread, operation] {  // a copy: what it holds may then stay in registers
        pin_to(thread);
        for (std::size_t i = 0; i < 1000; ++i) operation(thread, i);
        ++ready;
        while (!go.load(std::memory_order_acquire)) {
        }
        const double begin = thread_seconds();
        for (std::size_t i = 0; i < batch; ++i) operation(thread, i);
        seconds[thread] = thread_seconds() - begin;
      });
    }
    while (ready.load() != threads) std::this_thread::yield();
    go.store(true, std::memory_order_release);
    for (auto& thread : running) thread.join();
    double sum = 0;
    for (const double s : seconds) sum += s;
    state.SetIterationTime(sum / threads / static_cast<double>(batch));
  }
}

}  // namespace bellwether::bench
