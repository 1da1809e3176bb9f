// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "desk/alerts.hpp"

#include <bellwether/checked.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace desk {
namespace {

/// With an edge at the regulator's five seconds.
Buckets delays() {
  return Buckets::of({0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 5, 10, 30, 60, 300});
}

}  // namespace

std::string_view name_of(Severity severity) noexcept {
  switch (severity) {
    case Severity::p0:
      return "P0";
    case Severity::p1:
      return "P1";
    case Severity::p2:
      return "P2";
    case Severity::info:
      break;
  }
  return "INFO";
}

AlertMetrics::AlertMetrics(Registry& registry)
    : alerts_generated_total(
          registry.counter<"severity">("alerts_generated_total", "Alerts by severity: P0, P1, P2, INFO").value()),
      alert_generation_latency_seconds(registry
                                           .duration_histogram("alert_generation_latency_seconds",
                                                               "From the event to its alert in seconds; the limit is 5",
                                                               delays())
                                           .value()),
      alert_delivery_latency_seconds(
          registry
              .duration_histogram<"channel">("alert_delivery_latency_seconds",
                                             "From the alert to the channel's confirmation in seconds", delays())
              .value()),
      alert_delivery_failures_total(
          registry.counter<"channel">("alert_delivery_failures_total", "Attempts to deliver an alert that failed")
              .value()),
      alerts_unacknowledged(
          registry.gauge<"severity">("alerts_unacknowledged", "Alerts that wait for a person, now").value()),
      alert_escalations_total(registry
                                  .counter("alert_escalations_total",
                                           "Alerts that went to the next person because nobody acknowledged them")
                                  .value()),
      alerts_suppressed_total(
          registry
              .counter<"severity", "reason">(
                  "alerts_suppressed_total",
                  "Alerts that were not sent, by severity and reason: rate_limit, duplicate, aggregated, silenced")
              .value()),
      digest_last_sent_timestamp_seconds(
          registry
              .gauge("digest_last_sent_timestamp_seconds",
                     "When the last digest (all is well) went out, in seconds since the Unix epoch; 0 means never")
              .value()) {}

void record_alert(const AlertMetrics& metrics, Severity severity, std::chrono::nanoseconds after_event) noexcept {
  metrics.alerts_generated_total.at(name_of(severity)).inc();
  observe_non_negative(metrics.alert_generation_latency_seconds, after_event);
}

void record_alert_delivery(const AlertMetrics& metrics, std::string_view channel,
                           std::chrono::nanoseconds after_alert) noexcept {
  observe_non_negative(metrics.alert_delivery_latency_seconds.at(channel), after_alert);
}

void record_alert_delivery_failure(const AlertMetrics& metrics, std::string_view channel) noexcept {
  metrics.alert_delivery_failures_total.at(channel).inc();
}

void set_alerts_unacknowledged(const AlertMetrics& metrics, Severity severity, std::uint64_t alerts) noexcept {
  metrics.alerts_unacknowledged.at(name_of(severity)).set(static_cast<double>(alerts));
}

void record_alert_escalation(const AlertMetrics& metrics) noexcept {
  metrics.alert_escalations_total.inc();
}

void record_suppressed_alerts(const AlertMetrics& metrics, Severity severity, std::string_view reason,
                              std::uint64_t alerts) noexcept {
  metrics.alerts_suppressed_total.at(name_of(severity), reason).inc(alerts);
}

void record_digest(const AlertMetrics& metrics, std::chrono::nanoseconds sent_at) noexcept {
  metrics.digest_last_sent_timestamp_seconds.set(std::chrono::duration<double>(sent_at).count());
}

}  // namespace desk
BELLWETHER_NAMESPACE_END
