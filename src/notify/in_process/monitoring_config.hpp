// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>

#include "config/alertmanager/notifier_config.hpp"
#include "notify/in_process/alert_limits.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// `monitoring_config.yaml` (see bellwether/alerts.hpp), as what the notifier takes: a receiver for each severity, with the channels
/// that it names, and a route to it that waits for nothing.
struct MonitoringConfig {
  std::string directory = "bellwether-alerts";
  std::string instance;
  AlertLimitSettings limits;
  config::NotifierConfig notifier;
};

/// Errors: all that is wrong, a line each, with its place. Paths are beside the file.
Result<MonitoringConfig> load_monitoring_config(const std::string& path,
                                                const config::NotifierEnvironment& environment);
Result<MonitoringConfig> read_monitoring_config(std::string_view text, const std::string& name,
                                                const config::NotifierEnvironment& environment);

}  // namespace notify
BELLWETHER_NAMESPACE_END
