// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "net/http_transport.hpp"
#include "scrape/target.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// A target as long as it is scraped; a number is never given twice. A reload that keeps the target keeps the number.
using TargetId = std::uint64_t;

/// A scrape that has ended, well or not; for who hangs in by ScrapeOptions::on_scrape.
struct ScrapeResult {
  TargetId id = 0;
  const Target& target;                    ///< good during the call
  const net::HttpRequest& request;         ///< what was sent: URL, authentication, TLS, proxy
  const std::vector<net::Field>& headers;  ///< of the answer; empty when there is none
  std::int64_t time_ms = 0;                ///< of its samples
  std::chrono::nanoseconds duration{};
  bool up = false;
  const std::string& error;  ///< empty when up
};

enum class TargetHealth : std::uint8_t { unknown, up, down };
/// "unknown", "up", "down".
const char* name_of(TargetHealth health) noexcept;

/// For /api/v1/targets.
struct TargetState {
  TargetId id = 0;
  Target target;  ///< discovered labels, labels, URL, interval, time-out; `target.job->job_name` is the scrapePool
  std::string global_url;  ///< the URL with this machine's name in place of localhost
  TargetHealth health = TargetHealth::unknown;
  std::string last_error;
  std::int64_t last_scrape_ms = 0;  ///< 0: not yet
  std::chrono::nanoseconds last_duration{};
  std::size_t last_samples = 0;
};

struct DroppedTargetState {
  std::string job;
  config::Labels discovered;
};

struct TargetStates {
  std::vector<TargetState> active;                                  ///< by job, in the order of discovery
  std::vector<DroppedTargetState> dropped;                          ///< as many as keep_dropped_targets allows
  std::vector<std::pair<std::string, std::size_t>> dropped_counts;  ///< by job, in the order of the configuration
  /// Of discovery and of targets that cannot be, with the job's name.
  std::vector<std::string> problems;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
