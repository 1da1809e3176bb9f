// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/random.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/prometheus/alerting_config.hpp"
#include "net/http_transport.hpp"
#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN

class Registry;

namespace notify {

/// When an alert counts as told.
enum class ForwardNeed : std::uint8_t {
  any,  ///< one Alertmanager took it: they are a cluster and tell each other. The others are tried once.
  all,  ///< every one took it: they know nothing of each other
};

struct ForwarderOptions {
  net::HttpTransport* transport = nullptr;  ///< answers any thread; outlives the forwarder
  ForwardNeed need = ForwardNeed::any;
  std::size_t capacity = 10'000;                    ///< alerts that wait for one Alertmanager; beyond it the oldest go
  std::size_t batch = 64;                           ///< alerts in a request
  std::chrono::milliseconds first_pause{100};       ///< between attempts: a random part of first_pause × 2^n …
  std::chrono::milliseconds longest_pause{30'000};  ///< … at most of this
  Registry* registry = nullptr;                     ///< for prometheus_notifications_…
  const Clock* clock = &Clock::system();            ///< for file and HTTP discovery, and Retry-After
  Random* random = &Random::system();
  std::function<void(std::string_view)> log;  ///< any thread
};

/// Sends alerts to real Alertmanagers, as `alerting:` of prometheus.yml says: found by static_configs, file_sd_configs and
/// http_sd_configs, relabelled, with external labels and alert_relabel_configs.
///
///     HttpClient client;
///     Forwarder forwarder({.transport = &client, .registry = &registry});
///     forwarder.apply(config.alerting, config.global.external_labels);     // again at every reload
///     rules::AlertSink sink = forwarder.sink();
///     sources.alertmanagers = [&](const Request&) { return Result<std::string>(forwarder.alertmanagers_json()); };
///
/// Each Alertmanager has a queue, in order, and a thread. What cannot be delivered (no connection, 5xx, 429) is tried again, with
/// growing random pauses and not before Retry-After; other answers 4xx are final. While an alert waits, its newer state takes
/// its place; a firing and its end are never merged, so that a pulse arrives whole. Nothing is kept across a restart: the
/// rules send what fires again every minute, and a lost end shows as an alert that nobody repeats, which Alertmanager ends.
///
/// Threads: all functions from any. `post` does not wait for the network.
class Forwarder {
 public:
  explicit Forwarder(ForwarderOptions options);
  /// Stops without waiting for what is queued.
  ~Forwarder();
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  /// Starts to look for these Alertmanagers. Those that stay keep their queues. An error: relabelling that does not compile;
  /// everything then stays as it was.
  Result<void> apply(const config::AlertingConfig& alerting, const config::Labels& external_labels);

  void post(const std::vector<rules::Alert>& alerts);
  /// `post`, as the rules want it. The forwarder outlives it.
  rules::AlertSink sink();

  /// {"activeAlertmanagers":[{"url":"http://…/api/v2/alerts"}],"droppedAlertmanagers":[…]}: `data` of /api/v1/alertmanagers.
  std::string alertmanagers_json() const;
  std::size_t alertmanagers() const;
  /// Alerts that wait, over all Alertmanagers.
  std::size_t queued() const;

  /// Gives queues that long to empty, then ends. A second call does nothing; `post` does nothing afterwards.
  void stop(std::chrono::milliseconds grace = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
