// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/prometheus/discovery_config.hpp"
#include "config/prometheus/http_client_config.hpp"
#include "config/prometheus/relabel_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// What we ask a target to answer in.
enum class ScrapeProtocol : std::uint8_t {
  prometheus_proto,
  open_metrics_text_0_0_1,
  open_metrics_text_1_0_0,
  prometheus_text_0_0_4,
  prometheus_text_1_0_0,
};

/// "OpenMetricsText1.0.0": as the file writes it.
std::string_view name_of(ScrapeProtocol protocol) noexcept;

enum class NameValidation : std::uint8_t { utf8, legacy };
enum class NameEscaping : std::uint8_t { allow_utf_8, underscores, dots, values };
std::string_view name_of(NameValidation scheme) noexcept;
std::string_view name_of(NameEscaping scheme) noexcept;  ///< "allow-utf-8": also the parameter of an Accept header

/// Zero means no limit.
struct ScrapeLimits {
  std::uint64_t body_size = 0;  ///< bytes, decompressed
  std::uint64_t samples = 0;    ///< after metric relabelling
  std::uint64_t labels = 0;
  std::uint64_t label_name_length = 0;
  std::uint64_t label_value_length = 0;
  std::uint64_t targets = 0;
  std::uint64_t keep_dropped_targets = 0;

  friend bool operator==(const ScrapeLimits&, const ScrapeLimits&) = default;
};

/// One job. All that the file leaves out is filled in from `global` or by default, so that nobody looks at two places.
struct ScrapeConfig {
  std::string job_name;
  std::chrono::milliseconds scrape_interval{60'000};
  std::chrono::milliseconds scrape_timeout{10'000};  ///< at most the interval
  std::string metrics_path = "/metrics";
  std::string scheme = "http";                             ///< http or https
  std::map<std::string, std::vector<std::string>> params;  ///< of the URL
  bool honor_labels = false;
  bool honor_timestamps = true;
  bool track_timestamps_staleness = false;
  bool enable_compression = true;
  std::vector<ScrapeProtocol> scrape_protocols;            ///< never empty, most wanted first
  std::optional<ScrapeProtocol> fallback_scrape_protocol;  ///< for an answer without a usable Content-Type
  bool scrape_native_histograms = true;
  bool always_scrape_classic_histograms = false;    ///< classic buckets too where there are native ones
  std::uint64_t native_histogram_bucket_limit = 0;  ///< more buckets: resolution is lowered; 0: no limit
  double native_histogram_min_bucket_factor = 0;    ///< finer buckets than this are merged; 0: as sent
  NameValidation metric_name_validation_scheme = NameValidation::utf8;
  NameEscaping metric_name_escaping_scheme = NameEscaping::allow_utf_8;
  ScrapeLimits limits;
  HttpClientConfig http;
  DiscoveryConfig discovery;
  std::vector<RelabelConfig> relabel_configs;         ///< of targets
  std::vector<RelabelConfig> metric_relabel_configs;  ///< of samples
  std::string source_file;  ///< which of scrape_config_files it stands in; empty: the main file

  friend bool operator==(const ScrapeConfig&, const ScrapeConfig&) = default;
};

}  // namespace config
BELLWETHER_NAMESPACE_END
