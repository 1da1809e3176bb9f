// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

struct DrillOptions {
  std::vector<std::string> names;  ///< scenarios or alerts; empty: all
  std::string severity;            ///< only these; empty: all
  bool stand_in = false;           ///< raise alerts on an exporter of our own instead of a desk
  std::string desk = "http://127.0.0.1:8000";
  std::string token;
  std::string packs = "packs";
  /// A monitor that is there already, and whose alertmanager.yml sends webhooks to `port`. Empty: one of our own, in this process.
  std::string monitor;
  std::string prepare;  ///< write the files for a monitor there and wait until it scrapes, instead of one of our own
  std::string alertmanager;  ///< with `prepare`: written into prometheus.yml
  bool own_times = false;    ///< the packs' own times: an alert may take an hour
  std::uint16_t port = 0;    ///< where webhooks come to; 0: any free one
  std::chrono::nanoseconds fire_within{std::chrono::minutes{1}};
  std::chrono::nanoseconds resolve_within{std::chrono::minutes{1}};
  bool json = false;
};

/// Runs the drills and prints the table. 0 when all alerts arrived and ended, 1 when one did not, 2 when nothing could be run.
int run_drills(const DrillOptions& options);

/// Prints what there is: a line a scenario.
void list_drills();

/// Prints every webhook that comes to this port until a signal.
int listen_for_alerts(std::uint16_t port);

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
