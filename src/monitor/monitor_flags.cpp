// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "monitor/monitor_flags.hpp"

#include <fmt/format.h>

#include "base/duration.hpp"
#include "config/prometheus/byte_size.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

std::vector<std::pair<std::string, std::string>> flags_of(const MonitorOptions& options) {
  const auto yes_or_no = [](bool value) { return std::string(value ? "true" : "false"); };
  return {
      {"alertmanager.config.file", options.alertmanager_file},
      {"config.file", options.config_file},
      {"query.lookback-delta", format_duration(options.query_lookback)},
      {"query.max-concurrency", std::to_string(options.query_concurrency)},
      {"query.max-samples", std::to_string(options.query_max_samples)},
      {"query.timeout", format_duration(options.query_timeout)},
      {"storage.tsdb.path", options.directory},
      {"storage.tsdb.retention.size", config::print_byte_size(options.retention_bytes)},
      {"storage.tsdb.retention.time", format_duration(options.retention)},
      {"web.config.file", options.web_config_file},
      {"web.cors.origin", options.cors_origin},
      {"web.enable-admin-api", yes_or_no(options.admin_api)},
      {"web.enable-lifecycle", "true"},
      {"web.enable-remote-write-receiver", yes_or_no(options.receive_remote_write)},
      {"web.external-url", options.external_url},
      {"web.listen-address", fmt::format("{}:{}", options.address, options.port)},
  };
}

}  // namespace monitor
BELLWETHER_NAMESPACE_END
