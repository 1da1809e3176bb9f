// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "automation/path_filter.hpp"
#include "automation/test_watcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// What `bellwether watch` was asked for.
struct WatchOptions {
  std::vector<std::string> paths = {"."};
  automation::PathFilter::Options filter;
  automation::TestWatcherOptions watcher;
  std::string report_to;  ///< a URL that is told of each run; empty: none
  std::uint16_t port = 8000;
};

/// Runs until SIGINT or SIGTERM. The program's exit status.
int run_watch(const WatchOptions& options);

}  // namespace cli
BELLWETHER_NAMESPACE_END
