// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "algo-trade/exporter.hpp"

#include <mutex>

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {

Result<MetricsExporter*> get_metrics_exporter(std::uint16_t port) {
  static std::mutex mutex;
  static MetricsExporter exporter;
  const std::scoped_lock lock(mutex);
  if (!exporter.exporter_) {
    auto started = Exporter::start(exporter.registry_, {.port = port});
    if (!started) return started.error();
    exporter.exporter_ = *std::move(started);
  }
  return &exporter;
}

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
