// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/metrics.hpp>
#include <memory>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// Of one Alertmanager; without a registry all of them count into the void.
struct LaneMetrics {
  Series<Counter> sent;    ///< alerts in requests, tried again or not
  Series<Counter> errors;  ///< of these, in requests that failed
  Series<Counter> dropped;
  Series<Gauge> queue_length;
  Series<Gauge> queue_capacity;
  Series<DurationHistogram> latency;
};

/// Prometheus's families of the notifier, by the label `alertmanager` (the URL).
class ForwardMetrics {
 public:
  explicit ForwardMetrics(Registry* registry);
  /// Exported as long as the result lives.
  LaneMetrics of(const std::string& url) const;

  Gauge discovered;

 private:
  struct Families;
  std::shared_ptr<Families> families_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
