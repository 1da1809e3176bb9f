// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/query_threads.hpp"

#include <algorithm>
#include <new>
#include <system_error>
#include <thread>

#include "net/worker_pool.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

constexpr std::size_t most_waiting = 1024;
constexpr std::size_t most_by_itself = 8;  // a container on a large machine sees its processors, but has few of them

std::size_t helpers_of(std::size_t threads) {
  if (threads == 0) threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_by_itself);
  return threads - 1;
}

}  // namespace

QueryThreads::QueryThreads(std::size_t threads, std::chrono::nanoseconds worth)
    : helpers_(helpers_of(threads)), worth_(worth) {}

QueryThreads::~QueryThreads() = default;

bool QueryThreads::submit(std::function<void()> work) {
  if (helpers_ == 0) return false;
  try {
    std::call_once(started_, [this] {
      try {
        pool_ = std::make_unique<net::WorkerPool>(helpers_, most_waiting);
      } catch (const std::system_error&) {  // no more threads for this process: queries go on alone
      }
    });
    return pool_ != nullptr && pool_->submit(std::move(work));
  } catch (const std::bad_alloc&) {
    return false;
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
