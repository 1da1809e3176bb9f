// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/queue_metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

struct RemoteWriteMetrics::Families {
  explicit Families(Registry& registry)
      : pending(registry
                    .gauge<"queue">("bellwether_remote_write_samples_pending",
                                    "Samples that wait for a receiver or are on their way.")
                    .value()),
        shards(registry.gauge<"queue">("bellwether_remote_write_shards", "Requests that may be under way at once.")
                   .value()),
        lag(registry
                .gauge<"queue">("bellwether_remote_write_lag_seconds",
                                "Age of the oldest sample that the receiver has not.")
                .value()),
        catching_up(registry
                        .gauge<"queue">("bellwether_remote_write_catching_up",
                                        "1 while samples are read from the store, 0 while they come from memory.")
                        .value()),
        sent(registry
                 .counter<"queue", "kind">("bellwether_remote_write_sent_total",
                                           "Samples, histograms, exemplars and metadata that the receiver took.")
                 .value()),
        bytes(registry.counter<"queue">("bellwether_remote_write_sent_bytes_total", "Bytes sent, compressed.").value()),
        retries(registry.counter<"queue">("bellwether_remote_write_retries_total", "Requests that were sent again.")
                    .value()),
        failed(registry
                   .counter<"queue">("bellwether_remote_write_samples_failed_total",
                                     "Samples that the receiver refused for good.")
                   .value()),
        dropped(registry
                    .counter<"queue", "reason">("bellwether_remote_write_samples_dropped_total",
                                                "Samples that were not sent on purpose.")
                    .value()),
        overruns(registry
                     .counter<"queue">("bellwether_remote_write_overruns_total",
                                       "Times that memory did not suffice and the store was read instead.")
                     .value()),
        duration(registry
                     .duration_histogram<"queue">("bellwether_remote_write_send_duration_seconds", "Time of a request.",
                                                  Buckets::exponential(0.001, 2, 15))
                     .value()) {}

  Family<Gauge, "queue"> pending;
  Family<Gauge, "queue"> shards;
  Family<Gauge, "queue"> lag;
  Family<Gauge, "queue"> catching_up;
  Family<Counter, "queue", "kind"> sent;
  Family<Counter, "queue"> bytes;
  Family<Counter, "queue"> retries;
  Family<Counter, "queue"> failed;
  Family<Counter, "queue", "reason"> dropped;
  Family<Counter, "queue"> overruns;
  Family<DurationHistogram, "queue"> duration;
};

QueueMetrics RemoteWriteMetrics::of(const std::string& queue) {
  if (registry_ == nullptr) return {};
  if (families_ == nullptr) families_ = std::make_shared<Families>(*registry_);
  Families& all = *families_;
  QueueMetrics out;
  out.pending = all.pending.at(queue);
  out.shards = all.shards.at(queue);
  out.lag_seconds = all.lag.at(queue);
  out.catching_up = all.catching_up.at(queue);
  out.samples = all.sent.at(queue, "sample");
  out.histograms = all.sent.at(queue, "histogram");
  out.exemplars = all.sent.at(queue, "exemplar");
  out.metadata = all.sent.at(queue, "metadata");
  out.bytes = all.bytes.at(queue);
  out.retries = all.retries.at(queue);
  out.failed = all.failed.at(queue);
  out.dropped_relabel = all.dropped.at(queue, "relabel");
  out.dropped_old = all.dropped.at(queue, "too_old");
  out.dropped_histogram = all.dropped.at(queue, "histogram");
  out.overruns = all.overruns.at(queue);
  out.send_duration = all.duration.at(queue);
  return out;
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
