// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "config/prometheus/prometheus_config.hpp"

/// Any bytes give errors that name the file, or a configuration that reads back as it was printed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bellwether::config;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // Job files would be read from the disk: whatever path the fuzzer finds.
  if (text.find("scrape_config_files") != std::string_view::npos) return 0;
  const PrometheusConfigReport report = read_prometheus_config_text(text, "p.yml");
  for (const std::string& error : report.errors) {
    if (!error.starts_with("p.yml")) std::abort();
  }
  if (report.config.has_value() != report.errors.empty()) std::abort();
  if (!report.config) return 0;
  const std::string yaml = to_yaml(*report.config);
  const auto again = parse_prometheus_config(yaml, "");
  if (!again || to_yaml(*again) != yaml) std::abort();
  return 0;
}
