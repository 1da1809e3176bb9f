// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Each thread counts in a region of its own. Here: what becomes of it when the thread, or the process, ends.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "metrics/shard_arena.hpp"
#include "tests/metrics/scraped.hpp"

namespace bellwether {
namespace {

/// Before main and after the destruction of statics.
struct RecordsAllItsLife {
  RecordsAllItsLife() : registry(new Registry), starts(registry->counter("starts_total", "Starts.").value()) {
    starts.inc();
  }
  ~RecordsAllItsLife() {
    const std::uint64_t before = starts.value();
    starts.inc(2);
    if (starts.value() != before + 2 || test::scraped(*registry, "starts_total") != std::to_string(before + 2)) {
      std::abort();
    }
  }

  Registry* registry;  // never deleted: other statics may still use it
  Counter starts;
};
const RecordsAllItsLife early;  // NOLINT(cert-err58-cpp)

TEST(ThreadRegions, MetricsMayBeUsedBeforeMainAndAfterIt) {
  EXPECT_EQ(early.starts.value(), 1U);
}

TEST(ThreadRegions, WhatAThreadCountedStaysWhenItExits) {
  Registry registry;
  const Counter orders = registry.counter("orders_total", "Orders.").value();
  const Histogram sizes = registry.histogram("sizes", "Sizes.", Buckets::of({1})).value();
  for (int i = 0; i < 500; ++i) {  // more than there are regions: each adopts the one of a thread that exited
    std::thread([&] {
      EXPECT_TRUE(attach_thread());
      orders.inc(3);
      sizes.observe(0.5);
    }).join();
  }
  EXPECT_EQ(orders.value(), 1'500U);
  EXPECT_EQ(sizes.count(), 500U);
  EXPECT_EQ(sizes.sum(), 250);
}

TEST(ThreadRegions, AttachingTwiceIsAttachingOnce) {
  std::thread([] {
    EXPECT_TRUE(attach_thread());
    detail::Cell* const cells = detail::thread_cells;
    EXPECT_TRUE(attach_thread());
    EXPECT_EQ(detail::thread_cells, cells);
  }).join();
}

TEST(ThreadRegions, ThreadsBeyondTheCapShareAndLoseNothing) {
  constexpr int thread_count = 300;
  constexpr int increments = 50;
  Registry registry;
  const Counter orders = registry.counter("orders_total", "Orders.").value();
  const CounterDouble volume = registry.counter_double("volume_total", "Volume.").value();
  const Histogram sizes = registry.histogram("sizes", "Sizes.", Buckets::of({1, 2})).value();
  std::barrier all_alive(thread_count);
  std::atomic<int> sharers{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < thread_count; ++thread) {
    threads.emplace_back([&] {
      if (!attach_thread()) ++sharers;
      all_alive.arrive_and_wait();
      for (int i = 0; i < increments; ++i) {
        orders.inc();
        volume.inc(0.25);
        sizes.observe(1.5);
      }
      all_alive.arrive_and_wait();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(sharers.load(), thread_count - static_cast<int>(detail::ShardArena::max_threads));
  EXPECT_EQ(orders.value(), thread_count * increments);
  EXPECT_EQ(volume.value(), 0.25 * thread_count * increments);
  EXPECT_EQ(sizes.count(), thread_count * increments);
  EXPECT_EQ(sizes.sum(), 1.5 * thread_count * increments);
  std::thread([] { EXPECT_TRUE(attach_thread()) << "the regions of those that exited are free again"; }).join();
}

std::atomic<const Counter*> late_counter{nullptr};

/// Made before the thread's first metric, so it is destroyed after the thread gave its region back.
struct RecordsAtThreadExit {
  ~RecordsAtThreadExit() {
    late_counter.load()->inc();
    EXPECT_FALSE(attach_thread()) << "the region is another thread's by now";
    late_counter.load()->inc(4);
  }
};

TEST(ThreadRegions, DestructorsOfThreadLocalsMayRecordAfterTheRegionIsGivenBack) {
  Registry registry;
  const Counter orders = registry.counter("orders_total", "Orders.").value();
  late_counter = &orders;
  for (int i = 0; i < 20; ++i) {
    std::thread([&] {
      static thread_local RecordsAtThreadExit at_exit;
      (void)&at_exit;
      orders.inc(10);
    }).join();
  }
  EXPECT_EQ(orders.value(), 20 * 15U);
}

TEST(ThreadRegions, SlotsInUseAgainAreZeroInAllRegions) {
  detail::ShardArena& arena = detail::ShardArena::process();
  constexpr std::uint32_t count = 3;
  std::vector<detail::Slot> used;
  for (int i = 0; i < 4'000; ++i) {
    const detail::Slot first = arena.allocate(count);
    for (detail::Slot slot = first; slot < first + count; ++slot) {
      ASSERT_EQ(detail::sum_integer(slot), 0U) << i;
      detail::add(slot, std::uint64_t{7});
      arena.shared(slot).store(3);
    }
    used.push_back(first);
    if (i % 100 == 0) std::thread([&] { detail::add(first, std::uint64_t{5}); }).join();
    if (used.size() > 10) {
      arena.release(used.front(), count);
      used.erase(used.begin());
    }
  }
  for (const detail::Slot first : used) arena.release(first, count);
}

TEST(ThreadRegions, ASlotRestsBeforeAnotherSeriesGetsIt) {
  detail::ShardArena& arena = detail::ShardArena::process();
  const detail::Slot first = arena.allocate(5);
  arena.release(first, 5);
  for (int i = 0; i < 700; ++i) {
    const detail::Slot next = arena.allocate(5);
    EXPECT_NE(next, first) << i;
    arena.release(next, 5);
  }
}

}  // namespace
}  // namespace bellwether
