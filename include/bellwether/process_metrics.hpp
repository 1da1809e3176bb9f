// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <string>

BELLWETHER_NAMESPACE_BEGIN

/// Metrics of the process itself under the names that all Prometheus client libraries use: process_cpu_seconds_total,
/// process_resident_memory_bytes, process_virtual_memory_bytes, process_virtual_memory_max_bytes, process_open_fds,
/// process_max_fds, process_start_time_seconds, process_threads; read from /proc/self at each scrape.
///
///     Collector process = add_process_metrics(registry).value();
///
/// What a file of `proc` does not tell is left out. Threads: as `Registry::collect`.
Result<Collector> BELLWETHER_API add_process_metrics(Registry& registry, std::string proc = "/proc");

/// Metrics of the machine, named as the node exporter names them: node_cpu_seconds_total{cpu,mode}, node_load1,
/// node_memory_MemTotal_bytes, node_memory_MemAvailable_bytes, node_disk_read_bytes_total{device} and written,
/// node_disk_io_time_seconds_total, node_network_receive_bytes_total{device} and transmit, with errors and drops,
/// node_filesystem_size_bytes{mountpoint} and avail of `paths`; read at each scrape.
struct HostMetricsOptions {
  std::string proc = "/proc";
  std::vector<std::string> paths = {"/"};
};
Result<Collector> BELLWETHER_API add_host_metrics(Registry& registry, HostMetricsOptions options = {});

BELLWETHER_NAMESPACE_END
