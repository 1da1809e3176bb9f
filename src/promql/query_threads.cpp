// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/query_threads.hpp"

#include <algorithm>
#include <thread>

#include "net/worker_pool.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

constexpr std::size_t most_waiting = 1024;

std::size_t helpers_of(std::size_t threads) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  return threads - 1;
}

}  // namespace

QueryThreads::QueryThreads(std::size_t threads, std::chrono::nanoseconds worth)
    : helpers_(helpers_of(threads)), worth_(worth) {}

QueryThreads::~QueryThreads() = default;

bool QueryThreads::submit(std::function<void()> work) {
  if (helpers_ == 0) return false;
  std::call_once(started_, [this] { pool_ = std::make_unique<net::WorkerPool>(helpers_, most_waiting); });
  return pool_->submit(std::move(work));
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
