// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/registry.hpp>
#include <bellwether/result.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "net/http_server.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Something that works on a thread of its own until it is asked to stop. An exception ends the work, not the process.
class Worker {
 public:
  explicit Worker(std::function<void(const std::stop_token&)> work);

  const std::atomic<bool>& running() const noexcept { return running_; }
  /// Why it ended before it was asked to; empty: it did not. After `stop`, or when it does not run.
  const std::string& failure() const noexcept { return failure_; }
  void stop();

 private:
  std::string failure_;
  std::atomic<bool> running_{true};
  std::jthread thread_;
};

/// /metrics, /health and /ready (while `ready`) on loopback, and the routes that come with it. The registry and
/// `ready` must outlive the server.
Result<std::unique_ptr<net::HttpServer>> start_automation_server(std::uint16_t port, const Registry& registry,
                                                                 const std::atomic<bool>& ready,
                                                                 std::vector<net::Route> routes = {});

}  // namespace cli
BELLWETHER_NAMESPACE_END
