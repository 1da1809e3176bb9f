// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "monitor/default_config.hpp"

#include <fmt/format.h>

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

std::string default_config(std::uint16_t desk_port, std::uint16_t monitor_port,
                           const std::vector<std::string>& rule_files) {
  std::string text = fmt::format(
      "global:\n"
      "  scrape_interval: 1s\n"
      "  scrape_timeout: 1s\n"
      "  evaluation_interval: 1s\n"
      "scrape_configs:\n"
      "  - job_name: desk\n"
      "    metrics_path: /metrics/prom\n"
      "    static_configs:\n"
      "      - targets: [\"127.0.0.1:{}\"]\n",
      desk_port);
  if (monitor_port != 0) {
    text += fmt::format(
        "  - job_name: bellwether\n"
        "    static_configs:\n"
        "      - targets: [\"127.0.0.1:{}\"]\n",
        monitor_port);
  }
  if (!rule_files.empty()) text += "rule_files:\n";
  for (const std::string& file : rule_files) text += fmt::format("  - '{}'\n", file);
  return text;
}

}  // namespace monitor
BELLWETHER_NAMESPACE_END
