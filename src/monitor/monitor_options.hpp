// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

struct MonitorOptions {
  /// prometheus.yml. Empty: `config_text`, and `reload` has nothing to read.
  std::string config_file;
  std::string config_text;

  /// alertmanager.yml. Empty: `alertmanager_text`; that empty too: nobody is told of alerts, but the API shows them.
  std::string alertmanager_file;
  std::string alertmanager_text;

  std::string directory = "./data";  ///< one monitor at a time
  std::chrono::milliseconds retention = std::chrono::hours{24 * 15};
  std::uint64_t retention_bytes = 0;  ///< 0: no limit
  std::size_t series_limit = 1'000'000;

  std::string address = "127.0.0.1";
  std::uint16_t port = 9090;    ///< 0: any free one
  std::string web_config_file;  ///< Prometheus's: TLS, users, headers
  /// An address that other machines reach is refused without TLS, unless this is set.
  bool allow_remote = false;
  std::size_t max_connections = 512;
  std::string external_url;  ///< what links to us say; empty: the address that is bound
  std::string cors_origin;   ///< a regular expression of the pages that may ask; empty: none

  bool receive_remote_write = false;  ///< takes POST /api/v1/write
  bool admin_api = false;             ///< takes /api/v1/admin/tsdb/...

  std::chrono::milliseconds query_timeout{120'000};
  std::size_t query_max_samples = 50'000'000;
  std::chrono::milliseconds query_lookback{300'000};
  std::size_t query_concurrency = 4;
  /// That work on one query, shared by all; 0: one for each processor, at most 8; 1: its own alone.
  std::size_t query_threads = 0;

  std::size_t ingestion_threads = 1;
  std::chrono::milliseconds flush_deadline{5'000};  ///< at the end, for what remote writes still have to send

  /// What an operator should know. Any thread; must not block for long.
  std::function<void(std::string_view)> log;
  const Clock* clock = &Clock::system();
};

}  // namespace monitor
BELLWETHER_NAMESPACE_END
