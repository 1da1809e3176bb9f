// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/api_routes.hpp"
#include "config/prometheus/prometheus_config.hpp"
#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN

class Registry;

namespace storage {
class SeriesStore;
}

namespace monitor {

struct AlertPathOptions {
  std::string directory;    ///< the monitor's; alerts.sqlite and the key of links lie there
  std::string config_file;  ///< alertmanager.yml. Empty: `config_text`
  std::string config_text;  ///< empty too: nobody is told, but the API shows all
  /// How people reach the monitor, without a slash at the end. Empty: messages bear no links.
  std::string external_url;
  promql::EngineOptions engine;
  /// Whether every target was asked at least once; none: they were. Until then an alert of a former process is not missed.
  std::function<bool()> targets_asked;
  Registry* registry = nullptr;
  const Clock* clock = &Clock::system();
  std::function<void(std::string_view)> log;  ///< any thread
};

struct AlertCounts {
  std::size_t rules = 0;
  std::size_t firing = 0;
  std::size_t unsent = 0;  ///< messages that wait
};

/// From a sample to a person: rules on the store, the notifier with its receivers, and Alertmanagers elsewhere if prometheus.yml
/// names some. Both are told of every alert: who leaves alertmanager.yml out has the others alone.
///
///     auto path = AlertPath::start(store, {.directory = "data", .config_file = "alertmanager.yml", .registry = &registry});
///     if (!path) return path.error();
///     if (auto applied = (*path)->apply(prometheus_config); !applied) return applied.error();
///     follow.on_pushed = [&](const auto& pushed) { (*path)->on_pushed(pushed.text); };
///
/// Threads: all functions from any. The store outlives it.
class AlertPath {
 public:
  /// Errors: an alertmanager.yml that is wrong, a directory that cannot be written.
  static Result<std::unique_ptr<AlertPath>> start(storage::SeriesStore& store, AlertPathOptions options);
  /// Stops.
  ~AlertPath();
  AlertPath(const AlertPath&) = delete;
  AlertPath& operator=(const AlertPath&) = delete;

  /// Rule files, alertmanager.yml read anew, and the Alertmanagers to forward to: all or nothing. Alerts keep their state, and
  /// messages under way go on.
  Result<void> apply(const config::PrometheusConfig& config);

  void on_pushed(std::string_view text);

  /// API v2 and the pages of signed links.
  Result<std::vector<net::Route>> routes();
  /// The hooks for rules, alerts and alertmanagers of the other API.
  void add_to(api::ApiSources& sources);

  AlertCounts counts() const;

  /// Evaluates no more; what is being sent is awaited for a moment. What is not sent stays for the next start.
  void stop();

 private:
  struct Parts;
  explicit AlertPath(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace monitor
BELLWETHER_NAMESPACE_END
