// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/forward/forward_metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

struct ForwardMetrics::Families {
  explicit Families(Registry& registry)
      : sent(registry
                 .counter<"alertmanager">("prometheus_notifications_sent_total",
                                          "Alerts sent, those of requests that failed included.")
                 .value()),
        errors(
            registry.counter<"alertmanager">("prometheus_notifications_errors_total", "Alerts of requests that failed.")
                .value()),
        dropped(
            registry
                .counter<"alertmanager">("prometheus_notifications_dropped_total",
                                         "Alerts that this Alertmanager was not given: it refused them, or the queue "
                                         "was full.")
                .value()),
        queue_length(
            registry.gauge<"alertmanager">("prometheus_notifications_queue_length", "Alerts that wait.").value()),
        queue_capacity(
            registry.gauge<"alertmanager">("prometheus_notifications_queue_capacity", "Alerts that may wait.").value()),
        latency(registry
                    .duration_histogram<"alertmanager">("prometheus_notifications_latency_histogram_seconds",
                                                        "Time of a request.", Buckets::exponential(0.001, 2, 15))
                    .value()) {}

  Family<Counter, "alertmanager"> sent;
  Family<Counter, "alertmanager"> errors;
  Family<Counter, "alertmanager"> dropped;
  Family<Gauge, "alertmanager"> queue_length;
  Family<Gauge, "alertmanager"> queue_capacity;
  Family<DurationHistogram, "alertmanager"> latency;
};

ForwardMetrics::ForwardMetrics(Registry* registry) {
  if (registry == nullptr) return;
  families_ = std::make_shared<Families>(*registry);
  discovered =
      registry->gauge("prometheus_notifications_alertmanagers_discovered", "Alertmanagers to which alerts go.").value();
}

LaneMetrics ForwardMetrics::of(const std::string& url) const {
  LaneMetrics out;
  if (families_ == nullptr) return out;
  out.sent = families_->sent.own(url);
  out.errors = families_->errors.own(url);
  out.dropped = families_->dropped.own(url);
  out.queue_length = families_->queue_length.own(url);
  out.queue_capacity = families_->queue_capacity.own(url);
  out.latency = families_->latency.own(url);
  return out;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
