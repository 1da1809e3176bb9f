// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/prometheus/http_client_config.hpp"
#include "config/prometheus/relabel_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

enum class RemoteWriteMessage : std::uint8_t {
  v1,  ///< prometheus.WriteRequest
  v2,  ///< io.prometheus.write.v2.Request
};
std::string_view name_of(RemoteWriteMessage message) noexcept;

struct RemoteWriteQueueConfig {
  std::uint64_t capacity = 10'000;  ///< samples that wait, for each shard
  std::uint64_t min_shards = 1;
  std::uint64_t max_shards = 50;
  std::uint64_t max_samples_per_send = 2'000;
  std::chrono::milliseconds batch_send_deadline{5'000};
  std::chrono::milliseconds min_backoff{30};
  std::chrono::milliseconds max_backoff{5'000};
  bool retry_on_http_429 = false;
  std::chrono::milliseconds sample_age_limit{0};  ///< older ones are not sent; 0: all are

  friend bool operator==(const RemoteWriteQueueConfig&, const RemoteWriteQueueConfig&) = default;
};

/// Metadata of message v1; v2 carries them with the series.
struct RemoteWriteMetadataConfig {
  bool send = true;
  std::chrono::milliseconds send_interval{60'000};
  std::uint64_t max_samples_per_send = 2'000;

  friend bool operator==(const RemoteWriteMetadataConfig&, const RemoteWriteMetadataConfig&) = default;
};

struct RemoteWriteConfig {
  std::string url;   ///< http:// or https://, without a password in it
  std::string name;  ///< in metrics and logs; unique among those given; may be empty
  RemoteWriteMessage protobuf_message = RemoteWriteMessage::v1;
  std::chrono::milliseconds remote_timeout{30'000};
  std::map<std::string, std::string> headers;
  std::vector<RelabelConfig> write_relabel_configs;
  bool send_exemplars = false;
  bool send_native_histograms = false;
  bool round_robin_dns = false;
  RemoteWriteQueueConfig queue;
  RemoteWriteMetadataConfig metadata;
  HttpClientConfig http = [] {
    HttpClientConfig http_defaults;
    http_defaults.enable_http2 = false;
    return http_defaults;
  }();

  friend bool operator==(const RemoteWriteConfig&, const RemoteWriteConfig&) = default;
};

}  // namespace config
BELLWETHER_NAMESPACE_END
