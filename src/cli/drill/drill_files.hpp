// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

/// A rule file with the times of a drill, so that an alert that takes an hour is seen in seconds: `for` becomes 0s, the windows of
/// range selectors 3s (those of days: 60s), `offset` 5s, an interval of the group is left out. Everything else stays.
std::string shorten_rules(std::string_view yaml);

struct DrillFiles {
  std::string directory;     ///< is made; what stands in it of an earlier drill is overwritten
  std::string packs;         ///< the folder packs/ of the project
  std::uint16_t port = 0;    ///< of the drill: POST /alerts takes webhooks, GET /metrics shows the stand-in
  std::string desk;          ///< "127.0.0.1:8000": scraped in place of the stand-in
  std::string alertmanager;  ///< "127.0.0.1:9093": written into prometheus.yml; empty: the monitor notifies by itself
  bool shortened = true;     ///< the times of a drill; else those of the packs
};

/// Writes prometheus.yml, alertmanager.yml, bellwether.yml (no digests) and rules/ of a monitor (or of Prometheus and Alertmanager) for a drill: scrapes every
/// 200 ms, and tells each alert by itself and at once. Errors: no packs there, a directory that cannot be written.
Result<void> write_drill_files(const DrillFiles& files);

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
