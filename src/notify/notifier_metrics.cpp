// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/notifier_metrics.hpp"

#include <utility>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

struct NotifierMetrics::Handles {
  explicit Handles(Registry& registry)
      : received(registry.counter<"status">("alertmanager_alerts_received_total", "Alerts posted.").value()),
        sent(registry.counter<"integration">("alertmanager_notifications_total", "Attempts to send.").value()),
        failed(registry
                   .counter<"integration", "reason">("alertmanager_notifications_failed_total",
                                                     "Attempts to send that failed.")
                   .value()),
        latency(registry
                    .duration_histogram<"integration">("alertmanager_notification_latency_seconds",
                                                       "From the request to its answer.",
                                                       Buckets::of({0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30}))
                    .value()),
        delivery(registry
                     .duration_histogram<"integration">(
                         "bellwether_notify_delivery_seconds",
                         "From the moment a message was written down to the receiver's consent.",
                         Buckets::of({0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 3600}))
                     .value()),
        dead(registry.counter<"integration">("bellwether_notify_dead_letters_total", "Messages given up.").value()),
        held_back(registry
                      .counter<"severity", "reason">("alerts_suppressed_total",
                                                     "Notifications not sent by themselves, and why.")
                      .value()),
        escalations(registry.counter("alert_escalations_total", "Alerts nobody acknowledged in time.").value()),
        store_errors(
            registry
                .counter("bellwether_notify_store_errors_total", "Transactions of the notifier that the disk refused.")
                .value()) {}

  Family<Counter, "status"> received;
  Family<Counter, "integration"> sent;
  Family<Counter, "integration", "reason"> failed;
  Family<DurationHistogram, "integration"> latency;
  Family<DurationHistogram, "integration"> delivery;
  Family<Counter, "integration"> dead;
  Family<Counter, "severity", "reason"> held_back;
  Counter escalations;
  Counter store_errors;
  Collector collector;
};

NotifierMetrics::NotifierMetrics(Registry* registry) : registry_(registry) {
  if (registry_ != nullptr) handles_ = std::make_unique<Handles>(*registry_);
}

NotifierMetrics::~NotifierMetrics() = default;

void NotifierMetrics::collect(std::function<Snapshot()> read) {
  if (!handles_) return;
  using Type = CollectedMetric::Type;
  std::vector<CollectedMetric> metrics{
      {"alertmanager_alerts", "Alerts by state.", Type::gauge, {"state"}},
      {"alertmanager_dispatcher_aggregation_groups", "Groups of alerts.", Type::gauge},
      {"bellwether_notify_outbox_depth", "Messages written down and not delivered.", Type::gauge},
      {"bellwether_notify_in_flight", "Messages under way.", Type::gauge},
      {"bellwether_notify_held", "Notifications that wait for a digest.", Type::gauge},
      {"bellwether_notify_outbox_oldest_age_seconds", "Age of the oldest message in the outbox.", Type::gauge},
      {"bellwether_notify_written_down", "1 while the disk takes what the notifier writes.", Type::gauge},
      {"bellwether_notify_breaker_state",
       "0 messages pass, 1 a trial, 2 none but urgent ones.",
       Type::gauge,
       {"receiver", "integration"}},
      {"bellwether_notify_paused", "1 while it refuses our credentials.", Type::gauge, {"receiver", "integration"}},
      {"alerts_unacknowledged", "Alerts that fire and nobody looks after.", Type::gauge, {"severity"}},
  };
  const auto fill = [read = std::move(read)](Collection& out) {
    const Snapshot now = read();
    out.add(0, {"active"}, static_cast<double>(now.active));
    out.add(0, {"suppressed"}, static_cast<double>(now.suppressed));
    out.add(1, static_cast<double>(now.groups));
    out.add(2, static_cast<double>(now.pending));
    out.add(3, static_cast<double>(now.in_flight));
    out.add(4, static_cast<double>(now.held));
    out.add(5, now.oldest_age_seconds);
    out.add(6, now.written_down ? 1 : 0);
    for (const Snapshot::Target& target : now.targets) {
      out.add(7, {target.receiver, target.integration}, target.breaker);
      out.add(8, {target.receiver, target.integration}, target.paused ? 1 : 0);
    }
    for (const auto& [severity, count] : now.unacknowledged) out.add(9, {severity}, static_cast<double>(count));
  };
  if (Result<Collector> collector = registry_->collect(std::move(metrics), fill)) {
    handles_->collector = std::move(*collector);
  }
}

void NotifierMetrics::stop_collecting() {
  if (handles_) handles_->collector = {};
}

void NotifierMetrics::received(bool firing) const {
  if (handles_) handles_->received.at(firing ? "firing" : "resolved").inc();
}
void NotifierMetrics::sent(std::string_view kind) const {
  if (handles_) handles_->sent.at(kind).inc();
}
void NotifierMetrics::answered(std::string_view kind, std::chrono::nanoseconds took) const {
  if (handles_) handles_->latency.at(kind).observe(took);
}
void NotifierMetrics::delivered(std::string_view kind, std::chrono::milliseconds since_written) const {
  if (handles_) handles_->delivery.at(kind).observe(since_written);
}
void NotifierMetrics::failed(std::string_view kind, std::string_view reason) const {
  if (handles_) handles_->failed.at(kind, reason).inc();
}
void NotifierMetrics::dead(std::string_view kind) const {
  if (handles_) handles_->dead.at(kind).inc();
}
void NotifierMetrics::held_back(std::string_view severity, std::string_view reason, std::size_t count) const {
  if (handles_) handles_->held_back.at(severity, reason).inc(count);
}
void NotifierMetrics::escalated() const {
  if (handles_) handles_->escalations.inc();
}
void NotifierMetrics::store_error() const {
  if (handles_) handles_->store_errors.inc();
}

std::string_view reason_of(DeliveryOutcome outcome) noexcept {
  switch (outcome) {
    case DeliveryOutcome::delivered:
      return "none";
    case DeliveryOutcome::transient:
      return "serverError";
    case DeliveryOutcome::rate_limited:
      return "rateLimited";
    case DeliveryOutcome::permanent:
      return "clientError";
    case DeliveryOutcome::unauthorized:
      return "authError";
  }
  return "other";
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
