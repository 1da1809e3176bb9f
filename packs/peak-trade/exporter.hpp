// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/exporter.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace peak_trade {

/// The guide's exporter starts on 9090, which is Prometheus's own port, so that Prometheus had to move to 9091. Here the
/// engine's metrics are on 8000 and Prometheus stays on 9090.
inline constexpr std::uint16_t default_port = 8000;

/// Starts the HTTP exporter of the registry that holds the metrics: `start(registry)`, `start(registry, {.port = 9100})`.
/// A port in use is an error value. Keep the result; the registry must outlive it.
///
/// Needs the library `bellwether::exporter`; all else of the pack does not.
inline Result<Exporter> start(const Registry& registry, ExporterOptions options = {.port = default_port}) {
  return Exporter::start(registry, std::move(options));
}

}  // namespace peak_trade
BELLWETHER_NAMESPACE_END
