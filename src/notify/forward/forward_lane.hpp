// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "notify/forward/alert_queue.hpp"
#include "notify/forward/forward_metrics.hpp"
#include "notify/forward/forwarder.hpp"
#include "scrape/relabel.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// What the configuration says of an Alertmanager, and may change while its queue stays.
struct LaneSettings {
  config::HttpClientConfig http;
  std::chrono::milliseconds timeout{10'000};
  std::shared_ptr<const scrape::Relabeller> alert_relabel;
};

/// The way to one Alertmanager: a queue and a thread that sends it off in batches and tries again.
///
/// Threads: all functions from any. The destructor does not wait for the queue.
class ForwardLane {
 public:
  ForwardLane(std::string url, LaneSettings settings, const ForwarderOptions& options, LaneMetrics metrics);
  ~ForwardLane();
  ForwardLane(const ForwardLane&) = delete;
  ForwardLane& operator=(const ForwardLane&) = delete;

  void set(LaneSettings settings);
  void push(const std::vector<QueuedAlert>& alerts);

  const std::string& url() const noexcept { return url_; }
  /// Those under way too.
  std::size_t waiting() const;

  /// From now on nothing is taken; ends when the queue is empty, or at `deadline`. `join` waits for it, and then gives up what is
  /// under way.
  void finish(std::chrono::steady_clock::time_point deadline);
  void join();

 private:
  struct Attempt {
    enum class Outcome : std::uint8_t { taken, again, refused } outcome = Outcome::taken;
    std::chrono::milliseconds pause{0};  ///< as the Alertmanager asked
    std::string error;
  };

  void run();
  void send_all();
  Attempt send(const std::vector<QueuedAlert>& batch);
  void failed(std::vector<QueuedAlert> batch, const Attempt& attempt);
  std::chrono::milliseconds next_pause(const Attempt& attempt);
  void report(const std::string& error);
  void count_dropped(std::size_t alerts);

  const std::string url_;
  const ForwarderOptions& options_;
  LaneMetrics metrics_;
  std::stop_source stop_;

  mutable std::mutex mutex_;  // of what follows
  std::condition_variable_any wake_;
  LaneSettings settings_;
  AlertQueue queue_;
  std::size_t under_way_ = 0;
  bool finishing_ = false;
  bool done_ = false;
  std::chrono::steady_clock::time_point deadline_;

  std::uint32_t failures_ = 0;  // in a row; the thread's own
  std::string reported_;
  std::thread thread_;  // last: it uses all the rest
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
