// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/prometheus/alerting_config.hpp"
#include "config/prometheus/remote_write_config.hpp"
#include "config/prometheus/scrape_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// `global`. What it says of scraping is also filled into each ScrapeConfig.
struct GlobalConfig {
  std::chrono::milliseconds scrape_interval{60'000};
  std::chrono::milliseconds scrape_timeout{10'000};
  std::chrono::milliseconds evaluation_interval{60'000};
  std::chrono::milliseconds rule_query_offset{0};
  Labels external_labels;
  std::vector<ScrapeProtocol> scrape_protocols;  ///< empty: the defaults, see default_scrape_protocols
  bool scrape_native_histograms = true;
  bool always_scrape_classic_histograms = false;
  NameValidation metric_name_validation_scheme = NameValidation::utf8;
  NameEscaping metric_name_escaping_scheme = NameEscaping::allow_utf_8;
  ScrapeLimits limits;

  friend bool operator==(const GlobalConfig&, const GlobalConfig&) = default;
};

struct StorageConfig {
  std::chrono::milliseconds out_of_order_time_window{0};
  std::uint64_t max_exemplars = 100'000;  ///< 0: exemplars are not kept

  friend bool operator==(const StorageConfig&, const StorageConfig&) = default;
};

/// prometheus.yml as Prometheus 3 reads it, as a value: defaults filled in, checked, paths as we open them.
///
///     Result<PrometheusConfig> config = load_prometheus_config("prometheus.yml");
///     if (!config) return fail(config.error().message);   // every error, a line each
///     for (const ScrapeConfig& job : config->scrape_configs) ...
///
/// Threads: a plain value.
struct PrometheusConfig {
  GlobalConfig global;
  std::vector<std::string> rule_files;           ///< globs
  std::vector<std::string> scrape_config_files;  ///< globs; their jobs stand in scrape_configs already
  std::vector<ScrapeConfig> scrape_configs;      ///< names differ
  AlertingConfig alerting;
  std::vector<RemoteWriteConfig> remote_write;
  StorageConfig storage;

  friend bool operator==(const PrometheusConfig&, const PrometheusConfig&) = default;
};

/// A configuration, or everything that is wrong with it: `file:line:column: what is wrong: what to do`, in the file's order.
struct PrometheusConfigReport {
  std::optional<PrometheusConfig> config;  ///< there when `errors` is empty
  std::vector<std::string> errors;
};

/// Blocks on the disk: reads the file and its scrape_config_files; rule files, certificates and passwords are opened
/// by who uses them. Syntax that is no YAML is the only error that hides others. No error holds a secret.
PrometheusConfigReport read_prometheus_config(const std::string& path);
/// The same from text; `name` stands in errors, and its folder is that of relative paths.
PrometheusConfigReport read_prometheus_config_text(std::string_view text, const std::string& name);

/// The error's message is that of all errors, a line each.
Result<PrometheusConfig> load_prometheus_config(const std::string& path);
Result<PrometheusConfig> parse_prometheus_config(std::string_view text, const std::string& name);

/// What is asked of a target where the file does not say: with `native` histograms, protobuf before the text formats.
std::vector<ScrapeProtocol> default_scrape_protocols(bool native);

/// For /api/v1/status/config: as Prometheus prints what it has read, defaults filled in, secrets as <secret>.
/// Reading it again gives the same configuration but for the secrets.
std::string to_yaml(const PrometheusConfig& config);

/// The files that a glob of rule_files names, sorted: * ? [a-z] in any part. Empty where none is found.
std::vector<std::string> find_files(const std::string& glob);

}  // namespace config
BELLWETHER_NAMESPACE_END
