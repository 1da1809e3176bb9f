// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/metrics.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "config/prometheus/prometheus_config.hpp"
#include "scrape/metadata_store.hpp"
#include "scrape/remote/remote_queue.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

struct RemoteWriteOptions {
  std::string directory = "./data/remote_write";  ///< of the positions, a file for each queue
  net::HttpTransport* transport =
      nullptr;  ///< must outlive the queues; keep as many connections as there may be shards
  const scrape::MetadataStore* metadata = nullptr;
  const scrape::ExemplarStore* exemplars = nullptr;
  const Clock* clock = &Clock::system();
  Registry* registry = nullptr;
  std::function<void(std::string_view)> log = {};
  std::chrono::milliseconds reload_flush{1'000};  ///< for a queue that a reload changes or ends
};

/// All receivers of `remote_write`.
///
///     RemoteWrite remote(store, {.directory = data + "/remote_write", .transport = &client, .metadata = &metadata});
///     remote.apply(config).value();        // and at each reload
///     ...
///     remote.stop(5s);
///
/// A queue that a reload leaves as it was goes on undisturbed. One that is changed starts anew where it stood: it is known by its
/// `name`, or by its URL without one. See docs/remote-write.md.
///
/// Threads: all functions from any, one at a time. Must end before the store and the transport.
class RemoteWrite {
 public:
  RemoteWrite(storage::SeriesStore& store, RemoteWriteOptions options);
  ~RemoteWrite();
  RemoteWrite(const RemoteWrite&) = delete;
  RemoteWrite& operator=(const RemoteWrite&) = delete;

  /// Errors leave everything as it is: relabelling that does not compile, two queues of one name, a position file that
  /// cannot be opened.
  Result<void> apply(const config::PrometheusConfig& config);

  /// Sends what waits, for so long at most.
  void stop(std::chrono::milliseconds flush_for);

  std::size_t queues() const;
  std::size_t pending() const;

 private:
  struct Running {
    config::RemoteWriteConfig config;
    std::map<std::string, std::string> external_labels;
    std::unique_ptr<RemoteQueue> queue;
  };
  Result<QueueOptions> options_of(const config::RemoteWriteConfig& config, const std::string& key,
                                  const std::map<std::string, std::string>& external_labels) const;
  std::vector<FamilyMetadata> all_metadata() const;

  storage::SeriesStore* store_;
  RemoteWriteOptions options_;
  RemoteWriteMetrics metrics_;
  mutable std::mutex mutex_;
  std::map<std::string, Running> running_;  // by key
};

}  // namespace remote
BELLWETHER_NAMESPACE_END
