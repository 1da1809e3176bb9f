// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/exporter.hpp>
#include <cstdint>
#include <optional>

#include "algo-trade/metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace algo_trade {

/// A registry, its metrics, and the HTTP exporter that serves them.
class MetricsExporter {
 public:
  const Metrics& metrics() const noexcept { return metrics_; }
  Registry& registry() noexcept { return registry_; }
  std::uint16_t port() const noexcept { return exporter_->port(); }

 private:
  friend Result<MetricsExporter*> get_metrics_exporter(std::uint16_t port);

  Registry registry_;
  Metrics metrics_{registry_};
  std::optional<Exporter> exporter_;  // ends before what it serves
};

/// The process's one exporter, started by the first call:
///
///     auto exporter = algo_trade::get_metrics_exporter();
///     if (!exporter) return fail(exporter.error().message);               // cannot listen on 127.0.0.1:8000: …
///     algo_trade::record_pnl((*exporter)->metrics(), 0.012);
///
/// Later calls give the same one, whatever port they name (`port()` says which it has). A start that failed (port in use) is an
/// error and is tried anew by the next call. Serves on loopback; for TLS and users start an `Exporter` of your own on your own
/// registry. It lives until the process ends.
///
/// Needs the library `bellwether::exporter`; all else of the pack does not. Threads: any; a mutex is held while it starts.
Result<MetricsExporter*> get_metrics_exporter(std::uint16_t port = 8000);

}  // namespace algo_trade
BELLWETHER_NAMESPACE_END
