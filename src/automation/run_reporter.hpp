// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "automation/provider_client.hpp"
#include "automation/watch_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// A run as JSON: {"pass","fail","error","skipped","files","seconds","peak_memory_bytes","problem"}.
std::string run_json(const TestRunOutcome& outcome);

/// Tells another server of each run: a chat's web hook, a dashboard, a service that explains failures.
///
/// Runs wait for nobody: reports are sent by a thread of their own, and of those that could not be sent yet the last 16
/// are kept. Destroyed, it gives up the one under way.
///
/// Threads: as WatchObserver. `client` must outlive it.
class RunReporter final : public WatchObserver {
 public:
  using Log = std::function<void(std::string_view)>;

  /// POSTs to `path` of the client's base URL.
  RunReporter(ProviderClient& client, std::string path, Log log);

  void running(bool) override {}
  void waiting(std::size_t) override {}
  void finished(const TestRunOutcome& outcome) override;
  void failed(std::string_view) override {}

 private:
  void send_all(const std::stop_token& stop);

  ProviderClient& client_;
  std::string path_;
  Log log_;
  std::mutex mutex_;  // of the reports
  std::condition_variable_any changed_;
  std::deque<std::string> reports_;
  std::jthread thread_;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
