// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/metrics.hpp>
#include <memory>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

/// One queue's metrics of itself; without a registry all of them count into the void.
struct QueueMetrics {
  Gauge pending;      ///< samples that wait or are on their way
  Gauge shards;       ///< that may send at once
  Gauge lag_seconds;  ///< age of the oldest sample that the receiver has not
  Gauge catching_up;  ///< 1: read from the store, not from memory
  Counter samples;    ///< taken by the receiver
  Counter histograms;
  Counter exemplars;
  Counter metadata;
  Counter bytes;              ///< compressed
  Counter retries;            ///< requests sent again
  Counter failed;             ///< samples that the receiver refused for good
  Counter dropped_relabel;    ///< by write_relabel_configs
  Counter dropped_old;        ///< by sample_age_limit
  Counter dropped_histogram;  ///< native ones, where these are not to be sent
  Counter overruns;           ///< times that memory did not suffice and the store is read
  DurationHistogram send_duration;
};

/// The families of all queues, in `bellwether_remote_write_...{queue}`.
class RemoteWriteMetrics {
 public:
  explicit RemoteWriteMetrics(Registry* registry) : registry_(registry) {}
  QueueMetrics of(const std::string& queue);

 private:
  struct Families;
  Registry* registry_;
  std::shared_ptr<Families> families_;
};

}  // namespace remote
BELLWETHER_NAMESPACE_END
